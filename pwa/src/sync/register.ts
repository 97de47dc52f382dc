/**
 * One field of a record: the sets that no later set replaced, and what is known to be replaced.
 *
 * 1. One head: settled. Several with different values: a conflict, until a person settles it.
 * 2. `gone` holds replaced dots that have not arrived yet, so that they cannot come back as heads.
 * 3. Heads and gone are sorted by dot, so that equal registers have equal bytes.
 */
import { type Bytes, hex, sameBytes } from './bytes';
import { type Dot, compareDots, dotKey } from './change';
import { type At, compareAt } from './clock';
import { type Value, pack } from './pack';
import { unpack } from './unpack';

/** A set of a field that stands. `value` is packed as its author packed it. */
export interface Head {
  readonly dot: Dot;
  readonly at: At;
  /** The office's time of receipt, ms; 0 until it has said it. */
  readonly received: number;
  readonly value: Bytes;
}

export interface Register {
  readonly heads: readonly Head[];
  readonly gone: readonly Dot[];
}

export type Seen = ReadonlyMap<number, number>;

export const EMPTY: Register = { heads: [], gone: [] };

/** What an erased body leaves of each of its values. No change may set it (`value.ts`). */
export const ERASED: Bytes = pack({ erased: true });

/** Puts one set into a register: it replaces what its author saw, also what is still to come. */
export function applySet(
  register: Register,
  set: Head,
  replaced: readonly Dot[],
  seen: Seen,
): Register {
  const heads = new Map(register.heads.map((head) => [dotKey(head.dot), head]));
  const gone = new Map(register.gone.map((dot) => [dotKey(dot), dot]));
  for (const dot of replaced) {
    const key = dotKey(dot);
    if (!heads.delete(key) && dot.seq > seenOf(seen, dot)) gone.set(key, dot);
  }
  if (!gone.delete(dotKey(set.dot))) heads.set(dotKey(set.dot), set);
  return sorted([...heads.values()], [...gone.values()]);
}

/**
 * Drops what `gone` holds of a seat up to a seq that has been seen: it can come no more.
 *
 * Without a fork the dot itself is what came. After one, the other branch's dot stays away for
 * ever, and two sides that remember it for different times would differ in bytes.
 */
export function forgetGone(register: Register, seat: number, seq: number): Register {
  const canCome = (dot: Dot): boolean => dot.seat !== seat || dot.seq > seq;
  if (register.gone.every(canCome)) return register;
  return { heads: register.heads, gone: register.gone.filter(canCome) };
}

/** Joins two views of one field: a head goes only if the other side knows that it went. */
export function join(ours: Register, theirs: Register, ourSeen: Seen, theirSeen: Seen): Register {
  const gone = new Map([...ours.gone, ...theirs.gone].map((dot) => [dotKey(dot), dot]));
  const mine = new Map(ours.heads.map((head) => [dotKey(head.dot), head]));
  const other = new Map(theirs.heads.map((head) => [dotKey(head.dot), head]));
  const heads: Head[] = [];
  for (const [key, head] of mine) {
    const twin = other.get(key);
    if (twin !== undefined) heads.push(merged(head, twin));
    else if (head.dot.seq > seenOf(theirSeen, head.dot)) heads.push(head);
  }
  for (const [key, head] of other) {
    if (!mine.has(key) && head.dot.seq > seenOf(ourSeen, head.dot)) heads.push(head);
  }
  return sorted(
    heads.filter((head) => !gone.has(dotKey(head.dot))),
    [...gone.values()].filter(
      (dot) => dot.seq > Math.max(seenOf(ourSeen, dot), seenOf(theirSeen, dot)),
    ),
  );
}

/** The register in which the values that these changes set read "erased". */
export function erase(register: Register, named: ReadonlySet<string>): Register {
  if (!register.heads.some(({ dot }) => isNamed(dot, named))) return register;
  const heads = register.heads.map((head) =>
    isNamed(head.dot, named) ? { ...head, value: ERASED } : head,
  );
  return { ...register, heads };
}

/** Whether a change is among these `dotKey`s, or its place, in any branch, among the `placeKey`s. */
export function isNamed(dot: Dot, named: ReadonlySet<string>): boolean {
  return named.has(dotKey(dot)) || named.has(placeKey(dot));
}

/** Whether the value of a set was erased by law. */
export function isErased(head: Head): boolean {
  return sameBytes(head.value, ERASED);
}

/** A change by its place in its log, as a key of a Set. */
export function placeKey({ seat, seq }: { readonly seat: number; readonly seq: number }): string {
  return `${seat}.${seq}`;
}

/** The head to display where several stand; it decides nothing. */
export function shown(register: Register): Head | null {
  return register.heads.reduce<Head | null>(
    (best, head) => (best === null || compareShown(head, best) > 0 ? head : best),
    null,
  );
}

/** Whether people set this field to different values apart from each other. */
export function inConflict(register: Register): boolean {
  if (register.heads.length < 2) return false;
  return new Set(register.heads.map((head) => canonical(head.value))).size > 1;
}

export function openValue(head: Head): Value {
  return unpack(head.value, 'a value');
}

/** A text that is equal where values are, whatever encoder wrote them. */
export function canonical(value: Bytes): string {
  return hex(pack(unpack(value, 'a value'), true));
}

function compareShown(one: Head, other: Head): number {
  return (
    compareAt(one.at, other.at) || one.dot.seat - other.dot.seat || one.dot.seq - other.dot.seq
  );
}

/** Two views of one set put together: the later receipt, and no value that was erased. */
function merged(head: Head, twin: Head): Head {
  const value = isErased(head) || !isErased(twin) ? head.value : twin.value;
  return { ...head, received: Math.max(head.received, twin.received), value };
}

function seenOf(seen: Seen, dot: Dot): number {
  return seen.get(dot.seat) ?? 0;
}

function sorted(heads: Head[], gone: Dot[]): Register {
  heads.sort((one, other) => compareDots(one.dot, other.dot));
  gone.sort(compareDots);
  return { heads, gone };
}
