/**
 * One change: an atomic edit of one record by one person on one device, and its bytes.
 *
 * 1. The bytes are written once, where the change was made; they are hashed, signed, stored and
 *    relayed as they are. Nobody re-encodes them.
 * 2. A change is its skeleton followed by its body. Merging reads the skeleton; values stay shut
 *    until somebody needs them.
 * 3. What cannot be read is still a link of its log: its skeleton is then null.
 */
import { type Bytes, compareBytes, concat, hex } from './bytes';
import * as chain from './chain';
import type { At } from './clock';
import {
  CHANGE_BYTES_MAX,
  CHANGE_DOTS_MAX,
  CHANGE_FIELDS_MAX,
  KIND_CHARACTERS_MAX,
  RECORD_BYTES,
  SALT_BYTES,
  TAG_BYTES,
} from './limits';
import { type Packable, type Value, pack } from './pack';
import { Malformed, Refusal, TooLarge } from './refusals';
import { Reader, unpack } from './unpack';
import { findFault, isFieldName } from './value';

export const VERSION = 1;

/** The name of a change, also after a fork: the tag tells the branches apart. */
export interface Dot {
  readonly seat: number;
  readonly seq: number;
  readonly tag: Bytes;
}

/** What storing and merging read of a change; the place of each value is its field's place. */
export interface Skeleton {
  readonly seat: number;
  readonly seq: number;
  /** The seq of this seat's previous change to this record, 0 if none. */
  readonly prev: number;
  readonly record: Bytes;
  readonly kind: string;
  readonly at: At;
  readonly fields: ReadonlyMap<string, readonly Dot[]>;
}

/** A change in its place in a log. */
export interface LinkedChange {
  readonly seat: number;
  readonly seq: number;
  readonly head: Bytes;
  readonly skeletonBytes: Bytes;
  readonly bodyBytes: Bytes;
  readonly skeleton: Skeleton | null;
}

export function compareDots(one: Dot, other: Dot): number {
  return one.seat - other.seat || one.seq - other.seq || compareBytes(one.tag, other.tag);
}

/** A dot as a key of a Map. */
export function dotKey(dot: Dot): string {
  return `${dot.seat}.${dot.seq}.${hex(dot.tag)}`;
}

export function packedDot(dot: Dot): Packable {
  return [dot.seat, dot.seq, dot.tag];
}

export function readDot(reader: Reader): Dot {
  reader.list(3);
  return { seat: reader.integer(1), seq: reader.integer(1), tag: reader.binary(TAG_BYTES) };
}

/** Goes past a dot, and gives its seat. */
export function passDot(reader: Reader): number {
  reader.list(3);
  const seat = reader.integer(1);
  reader.integer(1);
  reader.passBinary(TAG_BYTES);
  return seat;
}

export function dotOf(change: LinkedChange): Dot {
  return { seat: change.seat, seq: change.seq, tag: chain.tag(change.head) };
}

/** The bytes of a new change; throws Malformed or TooLarge if it breaks a bound. */
export function writeChange(skeleton: Skeleton, values: readonly Value[], salt: Bytes): Bytes {
  const fault = findFault(skeleton.kind) ?? findChangeFault(skeleton.fields, values);
  if (fault !== null) throw new Malformed(`a change, since it has ${fault}`);
  const written = concat(packSkeleton(skeleton), pack([salt, values]));
  if (written.length > CHANGE_BYTES_MAX) {
    throw new TooLarge('a change', written.length, CHANGE_BYTES_MAX);
  }
  return written;
}

export function packSkeleton({ seat, seq, prev, record, kind, at, fields }: Skeleton): Bytes {
  const packable = new Map<string, Packable>();
  for (const [name, dots] of fields) packable.set(name, dots.map(packedDot));
  return pack([VERSION, seat, seq, prev, record, kind, [at.ms, at.counter], packable]);
}

/** Says which bound a change breaks by what it sets; null if none. */
export function findChangeFault(
  fields: ReadonlyMap<string, readonly Dot[]>,
  values: readonly Value[],
): string | null {
  if (fields.size < 1 || fields.size > CHANGE_FIELDS_MAX) return `${fields.size} fields`;
  for (const [name, dots] of fields) {
    if (!isFieldName(name)) return 'a field name that is none';
    if (dots.length > CHANGE_DOTS_MAX) return 'too many replaced dots';
  }
  for (const value of values) {
    const fault = findFault(value);
    if (fault !== null) return fault;
  }
  return null;
}

/** Skeleton and body of a change; throws Malformed if these are not two values. */
export function split(change: Bytes): readonly [skeleton: Bytes, body: Bytes] {
  const reader = new Reader(change, 'a change');
  const parts = [reader.raw(), reader.raw()] as const;
  reader.end();
  return parts;
}

/** Reads a skeleton; null if its version or its shape is not known here. */
export function readSkeleton(bytes: Bytes): Skeleton | null {
  try {
    return readKnownSkeleton(new Reader(bytes, 'a skeleton'));
  } catch (refusal) {
    if (refusal instanceof Refusal) return null;
    throw refusal;
  }
}

/** The values of a body, each still packed; throws Malformed if it is no body. */
export function rawValues(body: Bytes): readonly Bytes[] {
  return readBody(body).values;
}

/** What is in a body, its values still packed; throws Malformed if it is no body. */
export function readBody(body: Bytes): { readonly salt: Bytes; readonly values: readonly Bytes[] } {
  const reader = new Reader(body, 'the body of a change');
  reader.list(2);
  const salt = reader.binary(SALT_BYTES);
  const values = Array.from({ length: reader.list() }, () => reader.raw());
  if (values.length > CHANGE_FIELDS_MAX) throw reader.fault();
  reader.end();
  return { salt, values };
}

/** Opens the values of a body; throws Malformed if it is no body. */
export function valuesOf(body: Bytes): Value[] {
  return rawValues(body).map((value) => unpack(value));
}

/** Chains changes to the head before `first`; throws Malformed where one is not two values. */
export function linkChanges(
  seat: number,
  first: number,
  changes: readonly Bytes[],
  before: Bytes,
): LinkedChange[] {
  let head = before;
  return changes.map((change, place) => {
    const [skeletonBytes, bodyBytes] = split(change);
    head = chain.link(head, skeletonBytes, bodyBytes);
    const skeleton = readSkeleton(skeletonBytes);
    return { seat, seq: first + place, head, skeletonBytes, bodyBytes, skeleton };
  });
}

function readKnownSkeleton(reader: Reader): Skeleton {
  reader.list(8);
  if (reader.integer() !== VERSION) throw reader.fault();
  const [seat, seq, prev] = [reader.integer(1), reader.integer(1), reader.integer()];
  const record = reader.binary(RECORD_BYTES);
  const kind = reader.text();
  if (kind.length < 1 || kind.length > KIND_CHARACTERS_MAX) throw reader.fault();
  reader.list(2);
  const at = { ms: reader.integer(), counter: reader.integer() };
  const fields = readFields(reader);
  reader.end();
  return { seat, seq, prev, record, kind, at, fields };
}

function readFields(reader: Reader): Map<string, Dot[]> {
  const count = reader.map();
  if (count < 1 || count > CHANGE_FIELDS_MAX) throw reader.fault();
  const fields = new Map<string, Dot[]>();
  for (let left = count; left > 0; left--) {
    const name = reader.text();
    const dots = reader.list();
    if (dots > CHANGE_DOTS_MAX) throw reader.fault();
    fields.set(
      name,
      Array.from({ length: dots }, () => readDot(reader)),
    );
  }
  return fields;
}
