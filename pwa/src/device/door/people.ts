/** The door's part for this phone and who works on it: joining, signing in, shifts. */
import type { StoredDevice, StoredSeat } from '../../store/port';
import { dayToday, supplyOf } from '../codes';
import { readPeople } from '../dossier';
import { enrol } from '../enrolment';
import type { ConfirmationOutcome, ExchangeOutcome } from '../outcomes';
import { mustGoOn } from '../own_log';
import type { Phone } from '../port';
import { signIn } from '../seat';
import { changeShift } from '../shift';
import type { CodeSupply, SignedIn } from '../shown';
import { newestOf } from '../vaults';
import { endWipe } from '../wiping';
import { type Hands, after } from './bell';
import { enrolledOf } from './enrolled';
import { tellUnlocked } from './vaults';

type PeopleDoor = Pick<
  Phone,
  | 'device'
  | 'wiped'
  | 'endWipe'
  | 'enrol'
  | 'pollConfirmation'
  | 'seats'
  | 'signIn'
  | 'workAs'
  | 'personOf'
  | 'work'
>;

export function peopleDoor(hands: Hands): PeopleDoor {
  const { world, bell, sender } = hands;
  const { store, clock } = world;
  return {
    async device() {
      const device = await store.device();
      return device === null ? null : enrolledOf(device, world);
    },

    async wiped() {
      return await store.wiped();
    },

    async endWipe() {
      await endWipe(world, bell.tell);
    },

    async enrol(code, label) {
      return after(hands, await enrol(world, code, label), 'enrolled', 'device');
    },

    async pollConfirmation() {
      const outcome = await sender.tryNow(true);
      return confirmationOf(outcome, await store.device());
    },

    async seats() {
      const device = await store.device();
      const day = dayToday(clock, device?.skewMs ?? 0);
      const leases = await store.codes.leases();
      const supply = (seat: number): CodeSupply | null => supplyOf(leases, seat, day);
      return signedInOf(await store.seats(), device, supply);
    },

    async signIn(staff, secret, first) {
      const outcome = await signIn(world, staff, secret, first ?? null);
      if (outcome.kind === 'signed-in') tellUnlocked(hands);
      return after(hands, outcome, 'signed-in', 'seats');
    },

    async workAs(seat) {
      await store.changeDevice((device) => ({ ...device, seat }));
      bell.tell('seats');
      sender.poke();
    },

    async personOf(seat) {
      return (await readPeople(store)).names.get(seat) ?? null;
    },

    async work(stop) {
      const trouble = await changeShift(world, stop);
      bell.tell('device');
      return trouble;
    },
  };
}

/** Who signed in again has a newer seat; the older one only hands in what it still owes. */
function signedInOf(
  seats: readonly StoredSeat[],
  device: StoredDevice | null,
  supply: (seat: number) => CodeSupply | null,
): SignedIn[] {
  const open = new Set(seats.filter(({ isClosed }) => !isClosed).map(({ seat }) => seat));
  return newestOf(seats, device).map(({ seat, person, areas, trouble, continues }) => {
    const isCarrying = continues !== null && open.has(continues.seat);
    const mustSignInAnew = mustGoOn(trouble);
    const atWork = seat === device?.seat;
    const codes = supply(seat);
    return { seat, person, areas, atWork, trouble, mustSignInAnew, isCarrying, codes };
  });
}

/** Whatever the exchange itself came to: what this phone now knows of the desk's word. */
function confirmationOf(
  outcome: ExchangeOutcome,
  device: StoredDevice | null,
): ConfirmationOutcome {
  if (device === null) return { kind: 'not-enrolled' };
  switch (outcome.kind) {
    case 'offline':
    case 'unreachable':
    case 'wrong-date':
    case 'slow':
    case 'captive':
    case 'busy':
    case 'server-error':
    case 'untrusted':
      return outcome;
    case 'refused':
      if (!outcome.code.startsWith('device-')) return outcome;
      return { kind: device.status === 'refused' ? 'refused-by-desk' : device.status };
    default:
      return { kind: device.status === 'refused' ? 'refused-by-desk' : device.status };
  }
}
