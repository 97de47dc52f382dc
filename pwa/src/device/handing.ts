/**
 * A draft that somebody began on this phone goes on in the hands of a colleague at the same phone.
 *
 * 1. Only to somebody who has the right to its area, by a vault that can be sealed for while it is locked.
 * 2. It takes its photos along, and says from then on who had it before.
 * 3. Whatever keeps it from being moved leaves it where it was, and is named.
 */
import { applicantOf } from '../procedures/people';
import type { Recipient } from '../store/handed';
import type { StoredSeat, Vault } from '../store/port';
import type { HandOutcome, TakeOutcome } from './outcomes';
import { ownInbox } from './shared';
import type { Colleague, HandedToUs } from './shown';
import { keeping } from './trouble';
import { newestOf } from './vaults';
import type { World } from './world';

/** Another tab can be faster once or twice; more often means that something else is wrong. */
const TRIES_MAX = 5;

interface Found extends Colleague {
  readonly inbox: Recipient | null;
}

export async function colleagues(world: World, area: string): Promise<Colleague[]> {
  return (await findColleagues(world, area)).map(({ staff, name, cannot }) => ({ staff, name, cannot }));
}

async function findColleagues({ store, vaults }: World, area: string): Promise<Found[]> {
  const [seats, device, rows] = [await store.seats(), await store.device(), await store.vaults.all()];
  const found = newestOf(seats, device).map((seat) => {
    return { seat, vault: rows.find(({ staff }) => staff === seat.person.staff) };
  });
  return found
    .filter(({ vault }) => vault === undefined || vault.id !== vaults?.sealing.vault)
    .map(({ seat, vault }) => colleagueOf(seat, vault, area));
}

function colleagueOf({ person, areas }: StoredSeat, vault: Vault | undefined, area: string): Found {
  const { staff, name } = person;
  const inbox = vault?.inbox === undefined ? null : { vault: vault.id, publicKey: vault.inbox.publicKey };
  const cannot = !areas.includes(area) ? 'no-area'
    : vault === undefined ? 'no-pin'
    : inbox === null ? 'no-inbox' : null;
  return { staff, name, cannot, inbox };
}

export async function handDraft(world: World, id: string, staff: string): Promise<HandOutcome> {
  return await keeping(async (): Promise<HandOutcome> => {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const outcome = await handOnce(world, id, staff);
      if (outcome !== 'raced') return outcome;
    }
    return { kind: 'store-unavailable' };
  });
}

async function handOnce(world: World, id: string, staff: string): Promise<HandOutcome | 'raced'> {
  const { store, clock } = world;
  const own = await seatAtWork(world);
  if (own === null) return { kind: 'not-signed-in' };
  const draft = await store.draft(id);
  if (draft === null) return { kind: 'gone' };
  const to = (await findColleagues(world, draft.area)).find((one) => one.staff === staff && one.cannot === null);
  const inbox = to?.inbox ?? null;
  if (to === undefined || inbox === null) return { kind: 'no-colleague' };
  const at = clock.now();
  const hand = { seat: own.seat, person: own.person.name, at };
  const trace = { to: to.name, at, procedure: draft.procedure, applicant: applicantOf(draft.answers) };
  const given = await store.handed.give(id, inbox, hand, trace);
  if (given === 'raced') return 'raced';
  if (given === 'given') return { kind: 'given', to: to.name };
  return { kind: given === 'no-inbox' ? 'no-colleague' : given };
}

export async function handedToUs(world: World): Promise<HandedToUs[]> {
  const [own, seat] = [await ownInbox(world), await seatAtWork(world)];
  if (own === null) return [];
  return (await world.store.handed.handed(own)).map(({ id, draft, photos }) => {
    const hand = draft?.hands?.at(-1) ?? null;
    if (draft === null) return { id, draft, hand, photos, cannot: 'damaged' };
    return { id, draft, hand, photos, cannot: seat?.areas.includes(draft.area) === true ? null : 'no-area' };
  });
}

export async function takeDraft(world: World, id: string, isPartly = false): Promise<TakeOutcome> {
  return await keeping(async (): Promise<TakeOutcome> => {
    const [own, seat] = [await ownInbox(world), await seatAtWork(world)];
    if (own === null || seat === null) return { kind: 'not-signed-in' };
    const waiting = (await world.store.handed.handed(own)).find((one) => one.id === id);
    if (waiting === undefined) return { kind: 'gone' };
    if (waiting.draft === null) return { kind: 'damaged' };
    if (!seat.areas.includes(waiting.draft.area)) return { kind: 'no-area' };
    const by = { seat: seat.seat, person: seat.person.name };
    return { kind: await world.store.handed.take(id, own, by, isPartly) };
  });
}

/** The seat of the person whose vault is open; null where nobody's is. */
async function seatAtWork({ store }: World): Promise<StoredSeat | null> {
  const device = await store.device();
  const seat = (await store.seats()).find((one) => one.seat === device?.seat);
  return seat === undefined || seat.keys === null ? null : seat;
}
