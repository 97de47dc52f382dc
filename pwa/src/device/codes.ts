/**
 * The codes that this phone gives: official ones from what the office leased to the person's seat,
 * else provisional ones. What a code uses up is written with the change that carries it.
 */
import { dayOf } from '../procedures/format';
import type { CodeStep, StoredLease } from '../store/code';
import type { Store, StoredDevice, StoredSeat } from '../store/port';
import {
  OFFICIAL,
  PROVISIONAL,
  codesLeft,
  dayNumber,
  lastDay,
  nextCounter,
  nextOrdinal,
  officialCode,
  provisionalCode,
} from '../sync/codes';
import { EXCHANGE_LEASES_MAX } from '../sync/limits';
import type { ExchangeResponse, LeaseHeld } from '../sync/messages';
import { mustGoOn } from './own_log';
import type { CodeSupply } from './shown';
import type { Clock } from './world';

export interface GivenCode {
  readonly field: string;
  readonly code: string;
  readonly step: CodeStep;
}

/** The date that people write in Vietnam, by the office's clock as far as this phone knows it. */
export function dayToday(clock: Clock, skewMs: number): string {
  return dayOf(clock.now() + skewMs);
}

/** The next code for a date that is printed, YYYY-MM-DD. */
export async function codeFor(
  store: Store,
  device: StoredDevice,
  seat: StoredSeat,
  day: string,
): Promise<GivenCode> {
  // A log that parted: somebody else may be using the same lease at this moment.
  const leases = mustGoOn(seat.trouble) ? [] : ownLeases(await store.codes.leases(), seat.seat);
  const next = nextOrdinal(leases, day);
  if (next !== null) {
    const { ordinal, lease } = next;
    const code = officialCode(lease.agency, day, ordinal);
    return { field: OFFICIAL, code, step: { kind: 'official', lease: lease.lease, day, ordinal } };
  }
  const counted = nextCounter(await store.codes.counters(), dayNumber(day));
  const code = provisionalCode(device.device, counted.day, counted.counter);
  return { field: PROVISIONAL, code, step: { kind: 'provisional', ...counted } };
}

/** What the office is told of: leases that are not over, and of others what it has not heard. */
export async function leasesToName(store: Store, seat: number, day: string): Promise<LeaseHeld[]> {
  return ownLeases(await store.codes.leases(), seat)
    .map((lease) => ({ ...lease, highest: Math.max(0, ...Object.values(lease.used)) }))
    .filter(({ toDay, told, highest }) => toDay >= day || highest > told)
    .slice(-EXCHANGE_LEASES_MAX)
    .map(({ lease, highest }) => ({ lease, used: highest }));
}

/** Keeps the leases of an answer, and that the office has heard; tells whether any is new. */
export async function takeLeases(
  store: Store,
  seat: number,
  named: readonly LeaseHeld[],
  response: ExchangeResponse,
): Promise<boolean> {
  const known = new Map((await store.codes.leases()).map(({ lease, told }) => [lease, told]));
  const news = named.filter(({ lease, used }) => used > (known.get(lease) ?? 0));
  if (news.length > 0) {
    await store.codes.noteTold(new Map(news.map(({ lease, used }) => [lease, used])));
  }
  const ours = response.leases.filter((lease) => lease.seat === seat && lease.agency !== '');
  if (ours.length === 0) return false;
  return (await store.codes.add(ours.map((lease) => ({ ...lease, used: {}, told: 0 })))) > 0;
}

/** How many official codes a person can still give today; null for who was never leased any. */
export function supplyOf(
  leases: readonly StoredLease[],
  seat: number,
  day: string,
): CodeSupply | null {
  const own = ownLeases(leases, seat);
  if (own.length === 0) return null;
  return { left: codesLeft(own, day), until: lastDay(own, day) };
}

function ownLeases(leases: readonly StoredLease[], seat: number): StoredLease[] {
  return leases.filter((lease) => lease.seat === seat);
}
