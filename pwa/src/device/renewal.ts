/**
 * A person's log parted from the office's (a cloned profile, a phone put back to an old copy): they
 * sign in anew, and the new seat carries over what the office does not have.
 *
 *     signed in anew → says which log it goes on from → takes the office's states afresh → carries
 *
 * 1. The first change of the new seat names the old head, so everybody can follow the person.
 * 2. Nothing of the old log is dropped; the office keeps its branch, and so does this phone.
 * 3. How far it got is kept in the same transaction as each change: it goes on after any crash.
 * 4. Where a log is found to have parted earlier still, the newest seat carries that stretch too.
 */
import type {
  Continuation,
  Owed,
  SeatChange,
  Store,
  StoredRecord,
  StoredSeat,
} from '../store/port';
import { fromHex, hex } from '../sync/bytes';
import { type CarriedSet, carriedSets, isOfBranch } from '../sync/carrying';
import type { LinkedChange } from '../sync/change';
import { type State, decodeState, emptyState, fold, seenOf } from '../sync/record';
import { type Step, appendChange } from './appending';
import { newId } from './identity';
import { changesAbove, changesTo, hasParted, mustGoOn, partingsOf } from './own_log';
import type { World } from './world';

const KIND = 'seat';
/** Another tab writes into the same log now and then; more often means that something is wrong. */
const RACES_MAX = 20;

/** The log that a person who signs in goes on from, if theirs on this phone has parted. */
export async function continuationFor(world: World, staff: string): Promise<Continuation | null> {
  const { store } = world;
  const device = await store.device();
  const parted = (await store.seats()).filter(
    (seat) =>
      seat.person.staff === staff &&
      seat.device === device?.device &&
      // What is in a vault that nobody opened cannot be carried over.
      (seat.keys !== null || seat.hasLostKey === true) &&
      seat.continuedBy === null &&
      mustGoOn(seat.trouble),
  );
  const old = parted.at(-1);
  if (old === undefined) return null;
  const { seat, last, head } = old;
  const parting = (await partingsOf(store)).find((one) => one.seat === seat);
  // Of what the office lost, this phone has no more than what it has not dropped.
  const common = old.trouble === 'log-lost' ? old.dropped : (parting?.common ?? 0);
  const reason = old.trouble ?? 'log-forked';
  return { seat, last, head, reason, common, carried: Math.min(common, last) };
}

/** Writes the first change of a seat that goes on from another; nothing if it is there. */
export async function nameOldLog(world: World, seat: StoredSeat): Promise<void> {
  if (seat.continues === null || seat.last > 0) return;
  const { seat: old, last, head, reason } = seat.continues;
  const record = newId(world.clock, world.random);
  await appendChange(world, {
    seat,
    stored: null,
    state: emptyState(fromHex(record), KIND),
    sets: new Map<string, CarriedSet>([
      ['continues', { dots: [], value: { seat: old, last, head: hex(head) } }],
      ['reason', { dots: [], value: reason }],
    ]),
    endsDraft: null,
    renewed: 0,
  });
}

/**
 * Carries over what is left to carry for the person at work. To be called when all pages have come
 * since they signed in anew; gives how many changes it wrote.
 */
export async function carryOver(world: World, seat: number): Promise<number> {
  let [written, races] = [0, 0];
  while (races < RACES_MAX) {
    const now = (await world.store.seats()).find((one) => one.seat === seat);
    const continues = now?.continues ?? null;
    if (now === undefined || continues === null) return written;
    if (now.last === 0) {
      await nameOldLog(world, now);
      races++;
      continue;
    }
    const next = (await nextOf(world, continues)) ?? (await nextOwed(world, now.owed ?? []));
    if (next === null) {
      await close(world, [continues, ...(now.owed ?? [])]);
      await world.store.changeSeat(seat, { owed: [] });
      return written;
    }
    const step = await carryOne(world, now, next);
    if (step === 'raced') races++;
    else written += step;
  }
  return written;
}

/** Whether a seat has anything left to carry over, or a log to close. */
export function hasToCarry({ continues, owed = [] }: StoredSeat, seats: readonly StoredSeat[]): boolean {
  const old = seats.find((one) => one.seat === continues?.seat);
  return old !== undefined && (!old.isClosed || owed.length > 0);
}

/** A change that is to go over, and what the seat that writes it keeps with it. */
interface Next {
  readonly change: LinkedChange;
  readonly kept: Pick<SeatChange, 'continues' | 'owed'>;
}

async function nextOf({ store }: World, continues: Continuation): Promise<Next | null> {
  const [change] = await changesAbove(store, continues.seat, continues.carried);
  if (change === undefined) return null;
  return { change, kept: { continues: { ...continues, carried: change.seq } } };
}

/** The same of stretches of logs that turned out to have parted earlier. */
async function nextOwed({ store }: World, owed: readonly Owed[]): Promise<Next | null> {
  for (const one of owed) {
    const [change] = await changesAbove(store, one.seat, one.carried);
    if (change === undefined || change.seq > one.upTo) continue;
    const carried = { ...one, carried: change.seq };
    return { change, kept: { owed: owed.map((other) => (other === one ? carried : other)) } };
  }
  return null;
}

async function close({ store }: World, carried: readonly { seat: number }[]): Promise<void> {
  const seats = await store.seats();
  for (const { seat } of carried) {
    const old = seats.find((one) => one.seat === seat);
    if (old?.isClosed === false) await store.changeSeat(seat, { isClosed: true });
  }
}

async function carryOne(
  world: World,
  seat: StoredSeat,
  { change, kept }: Next,
): Promise<0 | 1 | 'raced'> {
  const step = await stepFor(world, seat, change);
  if (step === null) {
    await world.store.changeSeat(seat.seat, kept);
    return 0;
  }
  const written = await appendChange(world, { ...step, seat: { ...seat, ...kept } });
  return written === 'raced' ? 'raced' : 1;
}

/** What is written for one change of the branch; null where the office needs nothing of it. */
async function stepFor(
  world: World,
  seat: StoredSeat,
  change: LinkedChange,
): Promise<Step | null> {
  if (change.skeleton === null) return null;
  const { store } = world;
  const record = hex(change.skeleton.record);
  const written = await changesTo(store, record, []);
  const common = await commonOf(store, change.seat);
  const branch = written.filter((one) => isOfBranch(one, [{ seat: change.seat, common }]));
  const others = written.filter((one) => one.seat !== change.seat);
  const stored = await store.record(record);
  const { state, theirs, renewed } = await basisOf(world, seat, change.skeleton.kind, stored, record);
  const sets = carriedSets(change, branch, others, theirs);
  if (sets.size === 0) return null;
  return { seat, stored, state, sets, endsDraft: null, renewed };
}

/** Up to where a log that is carried over is the office's, as far as is known by now. */
async function commonOf(store: Store, old: number): Promise<number> {
  const seats = await store.seats();
  const agreed = seats.find(({ seat }) => seat === old)?.agreed?.upTo ?? Infinity;
  const goneOn = seats.find(({ continues }) => continues?.seat === old)?.continues;
  return Math.min(agreed, goneOn?.common ?? Infinity);
}

/** What a change that goes over is made on, and what of it the office is known to have. */
interface Basis {
  readonly state: State;
  readonly theirs: State;
  /** The seat for which the record counts as taken afresh; 0 while it does not. */
  readonly renewed: number;
}

async function basisOf(
  world: World,
  { seat, continues }: StoredSeat,
  kind: string,
  stored: StoredRecord | null,
  record: string,
): Promise<Basis> {
  const here = stored === null ? null : decodeState(stored.state);
  if (continues?.reason === 'log-lost') {
    const state = here ?? (await ownState(world, record, kind));
    // What the office lost it does not have, whatever this phone's own state says.
    return { state, theirs: emptyState(state.record, state.kind), renewed: seat };
  }
  const own = await ownState(world, record, kind);
  if (stored === null || here === null) return { state: own, theirs: own, renewed: seat };
  const { epoch } = (await world.store.device()) ?? {};
  const isAfresh = stored.renewed >= seat;
  if (!isAfresh && !(await isMoreThanOwn(world.store, stored, epoch, here, own))) {
    return { state: own, theirs: own, renewed: seat };
  }
  const renewed = isAfresh ? seat : 0;
  const { given } = stored;
  // What only a lost life of the office gave, this one does not have.
  if (given !== undefined && given.epoch !== epoch) return { state: here, theirs: own, renewed };
  if (isAfresh) return { state: here, theirs: here, renewed };
  const theirs = given === undefined ? own : decodeState(given.state ?? stored.state);
  return { state: here, theirs, renewed };
}

/**
 * Whether a record that did not come for the new seat is more than what this phone's logs still say:
 * the office gave it to somebody else here, or has the only copy of a change that was made here. It
 * stays as it is then, between two logs, until it comes for them.
 */
async function isMoreThanOwn(
  store: Store,
  stored: StoredRecord,
  epoch: number | undefined,
  here: State,
  own: State,
): Promise<boolean> {
  if (stored.given !== undefined && stored.given.epoch === epoch) return true;
  const open = (await store.seats()).filter((one) => !hasParted(one));
  return open.some((one) => seenOf(here, one.seat) > seenOf(own, one.seat));
}

/** A record that the office does not have: what this phone wrote to it, without the branches. */
async function ownState(world: World, record: string, kind: string): Promise<State> {
  const changes = await changesTo(world.store, record, await partingsOf(world.store));
  return fold(emptyState(fromHex(record), kind), changes).state;
}
