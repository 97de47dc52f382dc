/**
 * The state of one record: its registers, and how far of each seat's log it has seen.
 *
 * 1. Whatever order changes arrive in, however often, by whatever route: the same state.
 * 2. A change applies only where the state has seen its author's previous change to this record;
 *    else it waits.
 * 3. Equal states have equal bytes: everything is sorted and written in one shape.
 * 4. Joining states is commutative, associative and idempotent.
 */
import type { Bytes } from './bytes';
import { type Dot, type LinkedChange, dotOf, packedDot, rawValues, readDot } from './change';
import * as chain from './chain';
import { KIND_CHARACTERS_MAX, RECORD_BYTES } from './limits';
import { type Packable, Packed, type Value, pack } from './pack';
import * as register from './register';
import { type Head, type Register, type Seen, EMPTY } from './register';
import { Reader } from './unpack';

export const VERSION = 1;

export interface State {
  readonly record: Bytes;
  readonly kind: string;
  readonly seen: Seen;
  readonly registers: ReadonlyMap<string, Register>;
}

/** What stands in a page: a state, or a mark that the record left what this seat holds. */
export type Entry =
  | { readonly kind: 'state'; readonly state: State; readonly bytes: Bytes }
  | { readonly kind: 'left'; readonly record: Bytes };

export function emptyState(record: Bytes, kind: string): State {
  return { record, kind, seen: new Map(), registers: new Map() };
}

/** The bytes of a state, as they are stored and sent in pages. */
export function encodeState(state: State): Bytes {
  const seen = [...state.seen].sort(([one], [other]) => one - other);
  const names = [...state.registers.keys()].sort();
  const registers = names.map((name): Packable => {
    const { heads, gone } = state.registers.get(name) ?? EMPTY;
    return [name, heads.map(packedHead), gone.map(packedDot)];
  });
  return pack([VERSION, state.record, state.kind, seen, registers]);
}

/** Reads the bytes of a state; throws Malformed if they are none. */
export function decodeState(bytes: Bytes): State {
  const reader = new Reader(bytes, 'the state of a record');
  const entry = readEntry(reader, bytes);
  reader.end();
  if (entry.kind === 'left') throw reader.fault();
  return entry.state;
}

/** Reads the entries of a page: stored bytes, one after the other. */
export function decodeEntries(bytes: Bytes): Entry[] {
  const reader = new Reader(bytes, 'a page');
  const entries: Entry[] = [];
  while (!reader.isAtEnd) {
    const raw = reader.raw();
    entries.push(readEntry(new Reader(raw, 'a page'), raw));
  }
  return entries;
}

/** The seq of a seat's last change to this record that the state has seen; 0 if none. */
export function seenOf(state: State, seat: number): number {
  return state.seen.get(seat) ?? 0;
}

/** Whether the state lacks the author's previous change to this record. */
export function mustWait(state: State, change: LinkedChange): boolean {
  if (change.skeleton === null) return false;
  const { seat, seq, prev } = change.skeleton;
  return seq > seenOf(state, seat) && seenOf(state, seat) !== prev;
}

/**
 * Applies one change that need not wait; a duplicate, or one that cannot be read, changes nothing.
 *
 * `received` is the office's time of receipt in ms, 0 where it is not known yet.
 */
export function apply(state: State, change: LinkedChange, received = 0): State {
  const { skeleton } = change;
  if (skeleton === null || skeleton.seq <= seenOf(state, skeleton.seat)) return state;
  const dot = dotOf(change);
  const isErased = chain.isErased(change.bodyBytes);
  const values = isErased ? [] : rawValues(change.bodyBytes);
  const registers = new Map<string, Register>();
  for (const [name, one] of state.registers) {
    registers.set(name, register.forgetGone(one, dot.seat, dot.seq));
  }
  [...skeleton.fields].forEach(([name, replaced], place) => {
    const value = isErased ? register.ERASED : values[place];
    if (value === undefined) return;
    const head: Head = { dot, at: skeleton.at, received, value };
    const before = state.registers.get(name) ?? EMPTY;
    const applied = register.applySet(before, head, replaced, state.seen);
    registers.set(name, register.forgetGone(applied, dot.seat, dot.seq));
  });
  // Two kinds of one record are somebody's mistake; the smaller name makes every order agree.
  const kind = smaller(state.kind, skeleton.kind);
  return { ...state, kind, seen: new Map(state.seen).set(dot.seat, dot.seq), registers };
}

/** Applies changes in any order; gives the state and the changes that still have to wait. */
export function fold(
  state: State,
  changes: readonly LinkedChange[],
): { readonly state: State; readonly waiting: readonly LinkedChange[] } {
  let waiting = changes;
  for (;;) {
    const left: LinkedChange[] = [];
    for (const change of waiting) {
      if (mustWait(state, change)) left.push(change);
      else state = apply(state, change);
    }
    if (left.length === waiting.length) return { state, waiting };
    waiting = left;
  }
}

/** Joins two states of one record. */
export function join(ours: State, theirs: State): State {
  const registers = new Map<string, Register>();
  for (const name of new Set([...ours.registers.keys(), ...theirs.registers.keys()])) {
    const joined = register.join(
      ours.registers.get(name) ?? EMPTY,
      theirs.registers.get(name) ?? EMPTY,
      ours.seen,
      theirs.seen,
    );
    if (joined.heads.length + joined.gone.length > 0) registers.set(name, joined);
  }
  const seen = new Map(ours.seen);
  for (const [seat, seq] of theirs.seen) seen.set(seat, Math.max(seq, seen.get(seat) ?? 0));
  return { record: ours.record, kind: smaller(ours.kind, theirs.kind), seen, registers };
}

/** The state in which the values that these changes set read "erased"; by `dotKey` or `placeKey`. */
export function erase(state: State, named: ReadonlySet<string>): State {
  const registers = [...state.registers].map(
    ([name, one]) => [name, register.erase(one, named)] as const,
  );
  return { ...state, registers: new Map(registers) };
}

export function heads(state: State, field: string): readonly Head[] {
  return state.registers.get(field)?.heads ?? [];
}

/** What a set of this field replaces when its author sees this state. */
export function dots(state: State, field: string): Dot[] {
  return heads(state, field).map((head) => head.dot);
}

/** The value to display of a field; null if it is not set. */
export function shown(state: State, field: string): Value {
  const head = register.shown(state.registers.get(field) ?? EMPTY);
  return head === null ? null : register.openValue(head);
}

/** The fields that people set to different values apart from each other. */
export function conflicts(state: State): string[] {
  return [...state.registers]
    .filter(([, one]) => register.inConflict(one))
    .map(([name]) => name)
    .sort();
}

function packedHead(head: Head): Packable {
  const { dot, at, received, value } = head;
  return [packedDot(dot), [at.ms, at.counter], received, new Packed(value)];
}

/** What stands before all else: the record, and its kind, which is null where it left. */
export function readOpening(reader: Reader): { readonly record: Bytes; readonly kind: string | null } {
  const places = reader.list();
  const version = reader.integer();
  const record = reader.binary(RECORD_BYTES);
  if (version === 0 && places === 2) return { record, kind: null };
  if (version !== VERSION || places !== 5) throw reader.fault();
  const kind = reader.text();
  if (kind.length < 1 || kind.length > KIND_CHARACTERS_MAX) throw reader.fault();
  return { record, kind };
}

function readEntry(reader: Reader, bytes: Bytes): Entry {
  const { record, kind } = readOpening(reader);
  if (kind === null) return { kind: 'left', record };
  const seen = new Map<number, number>();
  for (let left = reader.list(); left > 0; left--) {
    reader.list(2);
    seen.set(reader.integer(1), reader.integer(1));
  }
  const registers = new Map<string, Register>();
  for (let left = reader.list(); left > 0; left--) {
    reader.list(3);
    const name = reader.text();
    const standing: Head[] = [];
    for (let heads = reader.list(); heads > 0; heads--) standing.push(readHead(reader));
    const gone: Dot[] = [];
    for (let dots = reader.list(); dots > 0; dots--) gone.push(readDot(reader));
    registers.set(name, { heads: standing, gone });
  }
  return { kind: 'state', state: { record, kind, seen, registers }, bytes };
}

function readHead(reader: Reader): Head {
  reader.list(4);
  const dot = readDot(reader);
  reader.list(2);
  const at = { ms: reader.integer(), counter: reader.integer() };
  return { dot, at, received: reader.integer(), value: reader.raw() };
}

function smaller(one: string, other: string): string {
  return one <= other ? one : other;
}
