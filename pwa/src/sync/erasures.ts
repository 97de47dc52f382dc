/**
 * The office's signed list of bodies that were erased by law (`docs/protocol.md`, part 4).
 *
 * A list only grows, and so does its number. Nothing in it is believed before its signature holds.
 */
import type { Bytes } from './bytes';
import { HASH_BYTES } from './limits';
import type { Shown } from './messages';
import { BadSignature, Malformed } from './refusals';
import { type Verify, requireSignature } from './signature';
import { Reader } from './unpack';

/** One change whose body was erased, and the hash of that body. */
export interface Erasure {
  readonly seat: number;
  readonly seq: number;
  readonly hash: Bytes;
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
  const entries = Array.from({ length: reader.list() }, () => {
    reader.list(3);
    return { seat: reader.integer(1), seq: reader.integer(1), hash: reader.binary(HASH_BYTES) };
  });
  return { office, number, entries };
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
