/**
 * Made-up work of a few people on one record, for properties: each writes on top of what they have
 * seen, which is any part of what was written before.
 */
import fc from 'fast-check';
import { type Bytes, fromHex } from '../../src/sync/bytes';
import * as chain from '../../src/sync/chain';
import { type LinkedChange, linkChanges, writeChange } from '../../src/sync/change';
import { type State, apply, dots, emptyState, fold, seenOf } from '../../src/sync/record';

export const RECORD = fromHex('01900000000070008000000000000001');
const FIELDS = ['answers.name', 'answers.phone', 'status'];

/** `hears`: whose changes this author takes in first, by place in the story so far. */
export interface Edit {
  readonly seat: number;
  readonly hears: readonly number[];
  readonly fields: readonly number[];
  readonly value: number | null;
}

export const edits = fc.array(
  fc.record({
    seat: fc.integer({ min: 1, max: 3 }),
    hears: fc.array(fc.nat({ max: 12 }), { maxLength: 4 }),
    fields: fc.uniqueArray(fc.nat({ max: FIELDS.length - 1 }), { minLength: 1 }),
    value: fc.option(fc.nat({ max: 3 })),
  }),
  { minLength: 1, maxLength: 12 },
);

export function empty(): State {
  return emptyState(RECORD, 'dossier');
}

/** All changes of a story, in the order in which they were written. */
export function told(story: readonly Edit[]): LinkedChange[] {
  const views = new Map<number, State>();
  const logs = new Map<number, { last: number; head: Bytes }>();
  const changes: LinkedChange[] = [];
  for (const edit of story) {
    const heard = edit.hears.flatMap((place) => changes[place] ?? []);
    const view = fold(views.get(edit.seat) ?? empty(), closure(heard, changes)).state;
    const change = write(edit, view, logs);
    views.set(edit.seat, apply(view, change));
    changes.push(change);
  }
  return changes;
}

function write(
  edit: Edit,
  view: State,
  logs: Map<number, { last: number; head: Bytes }>,
): LinkedChange {
  const { seat } = edit;
  const log = logs.get(seat) ?? { last: 0, head: chain.start(Uint8Array.of(seat)) };
  const seq = log.last + 1;
  const names = edit.fields.map((place) => FIELDS[place] ?? 'status');
  const skeleton = {
    seat,
    seq,
    prev: seenOf(view, seat),
    record: RECORD,
    kind: 'dossier',
    at: { ms: 1_000 + seq, counter: 0 },
    fields: new Map(names.map((name) => [name, dots(view, name)])),
  };
  const bytes = writeChange(
    skeleton,
    names.map(() => edit.value),
    new Uint8Array(16),
  );
  const [change] = linkChanges(seat, seq, [bytes], log.head);
  if (change === undefined) throw new Error('no change');
  logs.set(seat, { last: seq, head: change.head });
  return change;
}

/** A log is only ever heard from its start. */
function closure(heard: readonly LinkedChange[], all: readonly LinkedChange[]): LinkedChange[] {
  return all.filter((one) => heard.some(({ seat, seq }) => seat === one.seat && seq >= one.seq));
}
