/** Whatever the order, repetition or route: the same record as a plain fold, to the byte. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex } from '../../src/sync/bytes';
import type { LinkedChange } from '../../src/sync/change';
import { type State, decodeState, encodeState, fold, join, mustWait } from '../../src/sync/record';
import { takeState } from '../../src/sync/reconcile';
import { edits, empty, told } from '../support/story';

const cuts = fc.array(fc.nat({ max: 12 }), { minLength: 3, maxLength: 3 });

test('any order and any repetition give the same bytes', () => {
  fc.assert(
    fc.property(edits, fc.array(fc.nat(), { minLength: 24, maxLength: 24 }), (story, order) => {
      const changes = told(story);
      const delivered = shuffled([...changes, ...changes.slice(0, 5)], order);
      const { state, waiting } = fold(empty(), delivered);

      expect(waiting).toEqual([]);
      expect(bytesOf(state)).toBe(bytesOf(plain(changes)));
    }),
  );
});

test('joining is commutative, associative and idempotent', () => {
  fc.assert(
    fc.property(edits, cuts, (story, [one = 0, two = 0, three = 0]) => {
      const changes = told(story);
      const [a, b, c] = [one, two, three].map((cut) => viewOf(changes, cut)) as [
        State,
        State,
        State,
      ];

      expect(bytesOf(join(a, b))).toBe(bytesOf(join(b, a)));
      expect(bytesOf(join(join(a, b), c))).toBe(bytesOf(join(a, join(b, c))));
      expect(bytesOf(join(a, a))).toBe(bytesOf(a));
    }),
  );
});

test('two routes that know different parts join to the whole', () => {
  fc.assert(
    fc.property(edits, cuts, (story, [one = 0, two = 0]) => {
      const changes = told(story);
      const joined = join(viewOf(changes, one), viewOf(changes, two));
      const { state } = fold(joined, changes);

      expect(bytesOf(state)).toBe(bytesOf(plain(changes)));
    }),
  );
});

test('a record that left the phone and comes back has its unsent changes on top', () => {
  fc.assert(
    fc.property(edits, fc.integer({ min: 1, max: 3 }), cuts, (story, seat, [held = 0]) => {
      const changes = told(story);
      const own = changes.filter((change) => change.seat === seat);
      const heldOfOwn = own.slice(0, held % (own.length + 1));
      const others = changes.filter((change) => change.seat !== seat);
      // The office has all of the others, and of ours what was sent before the record left.
      const office = fold(empty(), [...others, ...heldOfOwn]).state;
      const back = takeState(null, decodeState(encodeState(office)), own);

      expect(bytesOf(back)).toBe(bytesOf(fold(office, own).state));
      expect(bytesOf(fold(back, changes).state)).toBe(bytesOf(plain(changes)));
    }),
  );
});

test('a state that comes while own changes are unsent keeps them', () => {
  fc.assert(
    fc.property(edits, cuts, (story, [one = 0, two = 0]) => {
      const changes = told(story);
      const [ours, theirs] = [viewOf(changes, one), viewOf(changes, two)];
      const own = changes.filter(({ seat }) => seat === 1);
      const taken = takeState(ours, theirs, own);

      expect(own.filter((change) => mustWait(taken, change)).length).toBe(0);
      expect(bytesOf(fold(taken, changes).state)).toBe(bytesOf(plain(changes)));
    }),
  );
});

function plain(changes: readonly LinkedChange[]): State {
  return fold(empty(), changes).state;
}

/** What somebody knows who heard each log up to a place that the cut decides. */
function viewOf(changes: readonly LinkedChange[], cut: number): State {
  const heard = changes.filter(({ seat, seq }) => seq <= (cut + seat * 2) % 5);
  return fold(empty(), heard).state;
}

function shuffled(changes: readonly LinkedChange[], order: readonly number[]): LinkedChange[] {
  return changes
    .map((change, place) => ({ change, key: order[place % order.length] ?? 0 }))
    .sort((one, other) => one.key - other.key)
    .map(({ change }) => change);
}

function bytesOf(state: State): string {
  return hex(encodeState(state));
}
