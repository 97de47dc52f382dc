/**
 * Six words that a phone and the desk both show, so that people see they talk to each other.
 *
 * They are made from both keys: a machine in the middle with a key of its own gets other words.
 */
import WORDS from '../../../sync/fingerprint_words.json';
import { type Bytes, concat } from './bytes';
import { sha256 } from './chain';

const WORDS_COUNT = 6;

export function fingerprintWords(officeKey: Bytes, publicKey: Bytes): string[] {
  const purpose = new TextEncoder().encode('luudong/words\0');
  const digest = sha256(concat(purpose, officeKey, publicKey)).slice(0, WORDS_COUNT);
  return Array.from(digest, (byte) => WORDS[byte] ?? '');
}
