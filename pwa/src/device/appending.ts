/**
 * One change at the end of a person's log: made, chained, and kept with the state that it leads to.
 */
import type { Appended, StoredRecord, StoredSeat, Written } from '../store/port';
import { hex } from '../sync/bytes';
import type { CarriedSet } from '../sync/carrying';
import { linkChanges, writeChange } from '../sync/change';
import { type At, tick, witness } from '../sync/clock';
import { SALT_BYTES } from '../sync/limits';
import { type State, apply, encodeState, seenOf } from '../sync/record';
import { besideOwn } from './given';
import type { World } from './world';

/** What a change sets, and where it comes. */
export interface Step {
  /** Whose log, as it stands; what it continues is kept with it. */
  readonly seat: StoredSeat;
  /** The record as it lies on this phone; null if it does not. */
  readonly stored: StoredRecord | null;
  /** The state that the change is made on. */
  readonly state: State;
  readonly sets: ReadonlyMap<string, CarriedSet>;
  /** The draft that becomes the record; null where the record stands already. */
  readonly endsDraft: string | null;
  /** Photos that it names, and those that it makes superfluous; none where it is not said. */
  readonly photos?: Appended['photos'];
  readonly renewed: number;
  /** The number that its code uses up. */
  readonly code?: Appended['code'];
}

/** Writes it; `raced` where somebody else was faster, and nothing was written. */
export async function appendChange(world: World, step: Step): Promise<Written> {
  const { seat, stored, state, sets } = step;
  const { store, clock, random } = world;
  const device = await store.device();
  if (device === null) return 'raced';
  const at = nextAt(seat, state, clock.now() + device.skewMs);
  const place = { seat: seat.seat, seq: seat.last + 1, prev: seenOf(state, seat.seat) };
  const { record, kind } = state;
  const fields = new Map([...sets].map(([field, { dots }]) => [field, dots]));
  const values = [...sets.values()].map(({ value }) => value);
  const skeleton = { ...place, record, kind, at, fields };
  const change = writeChange(skeleton, values, random.bytes(SALT_BYTES));
  const [linked] = linkChanges(place.seat, place.seq, [change], seat.head);
  if (linked === undefined) return 'raced';

  const { head } = linked;
  const id = hex(record);
  return await store.append({
    seat: { ...seat, last: place.seq, head, at },
    entry: { seat: place.seat, seq: place.seq, record: id, at: at.ms, head, change },
    record: {
      id,
      state: encodeState(apply(state, linked)),
      feeds: stored?.feeds ?? [],
      version: (stored?.version ?? 0) + 1,
      renewed: Math.max(step.renewed, stored?.renewed ?? 0),
      given: besideOwn(stored),
    },
    endsDraft: step.endsDraft,
    photos: step.photos ?? { names: [], drops: [] },
    code: step.code,
  });
}

/** After everything that its author sees in the record, and after the author's own last change. */
function nextAt(seat: StoredSeat, state: State, nowMs: number): At {
  let last = seat.at;
  for (const { heads } of state.registers.values()) {
    for (const head of heads) last = witness(last, head.at, nowMs);
  }
  return tick(last, nowMs);
}
