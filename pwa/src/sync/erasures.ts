/**
 * The office's signed list of bodies that were erased by law (`docs/protocol.md`, part 4).
 *
 * A list only grows, and so does its number. Nothing in it is believed before its signature holds.
 */
import type { Bytes } from './bytes';
import { dotKey } from './change';
import { HASH_BYTES, TAG_BYTES } from './limits';
import type { Shown } from './messages';
import { BadSignature, Malformed } from './refusals';
import { placeKey } from './register';
import { type Verify, requireSignature } from './signature';
import { Reader } from './unpack';

/** One change whose body was erased, and the hash of that body. */
export interface Erasure {
  readonly seat: number;
  readonly seq: number;
  readonly hash: Bytes;
  /** Of which branch of the log; empty where nobody knows it any more. */
  readonly tag: Bytes;
}

export interface Erasures {
  readonly office: string;
  readonly number: number;
  readonly entries: readonly Erasure[];
}

/** Reads the bytes of a list; throws Malformed if they are none. */
export function readErasures(message: Bytes): Erasures {
  const reader = new Reader(message, 'a list of erasures');
  if (reader.list() < 4) throw reader.fault();
  const [office, number] = [reader.text(), reader.integer(1)];
  const entries = Array.from({ length: reader.list() }, () => readErasure(reader));
  return { office, number, entries };
}

function readErasure(reader: Reader): Erasure {
  const places = reader.list();
  if (places < 3) throw reader.fault();
  const [seat, seq, hash] = [reader.integer(1), reader.integer(1), reader.binary(HASH_BYTES)];
  const tag = places > 3 ? reader.binary() : new Uint8Array();
  if (tag.length !== 0 && tag.length !== TAG_BYTES) throw reader.fault();
  for (let further = places - 4; further > 0; further--) reader.raw();
  return { seat, seq, hash, tag };
}

/**
 * What names the erased values in states, as keys: a copied phone may have written something else
 * in the same place. Where nobody knows the branch any more, all of the place goes.
 */
export function namedIn({ entries }: Erasures): ReadonlySet<string> {
  return new Set(entries.map((one) => (one.tag.length > 0 ? dotKey(one) : placeKey(one))));
}

/** Reads a list that this office signed; null where it did not, or where it is none. */
export async function openErasures(
  verify: Verify,
  shown: Shown,
  office: string,
  officeKey: Bytes,
): Promise<Erasures | null> {
  if (shown.purpose !== 'erasures') return null;
  try {
    await requireSignature(verify, officeKey, 'erasures', shown.message, shown.signature);
    const list = readErasures(shown.message);
    return list.office === office ? list : null;
  } catch (refusal) {
    if (refusal instanceof BadSignature || refusal instanceof Malformed) return null;
    throw refusal;
  }
}
