/**
 * The hash chain of a seat's log: whoever knows its head knows that nothing before it changed.
 *
 * 1. h(0) is the hash of the seat's public key, so two seats never share a chain.
 * 2. Skeleton and body are hashed apart, so a body can be erased and the chain still verifies.
 *
 * Hashing is synchronous: a chain that had to await would let an IndexedDB transaction close.
 */
import { sha256 as noble } from '@noble/hashes/sha2.js';
import { type Bytes, concat } from './bytes';
import { TAG_BYTES } from './limits';

export function sha256(bytes: Uint8Array): Bytes {
  return new Uint8Array(noble(bytes));
}

/** The head of an empty log. */
export function start(publicKey: Uint8Array): Bytes {
  return sha256(publicKey);
}

/** The head after one more change. */
export function link(head: Uint8Array, skeleton: Uint8Array, body: Uint8Array): Bytes {
  return sha256(concat(head, sha256(skeleton), sha256(body)));
}

/** What a dot carries of a head: enough to tell two branches of one log apart. */
export function tag(head: Bytes): Bytes {
  return head.slice(0, TAG_BYTES);
}
