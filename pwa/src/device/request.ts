/** What goes up in an exchange: how far every log goes, and batches of what the office lacks. */
import type { Store, StoredBundle, StoredDevice, StoredSeat } from '../store/port';
import { feedOf } from '../store/port';
import { BATCH_PROTOCOL, type Batch, signBatch } from '../sync/batch';
import type { Bytes } from '../sync/bytes';
import { sealEnvelope, writeExchangeRequest } from '../sync/exchange';
import {
  EXCHANGE_AREAS_MAX,
  EXCHANGE_BATCHES_MAX,
  EXCHANGE_LOGS_MAX,
  EXCHANGE_OFFERED_MAX,
} from '../sync/limits';
import type { LeaseHeld, LogEnd } from '../sync/messages';
import type { Receipt } from '../sync/receipt';
import { bundlesToSend } from './carrying';
import { dayToday, leasesToName } from './codes';
import { signerOf } from './keys';
import { retoldLogs, unbroken } from './own_log';
import { listsOf, papersOf } from './papers';
import type { World } from './world';

/** Small enough to be read and merged by a slow tablet without a pause that people notice. */
const WANT_BYTES = 256 * 1024;
const BATCH_CHANGES = 200;
const BATCH_BYTES_MIN = 16 * 1024;
const BATCH_BYTES_START = 256 * 1024;
const BATCH_BYTES_MAX = 2 * 1024 * 1024;
/** States offered back at once: a restore is no reason to hold up the day's work. */
const OFFERED_BYTES = 256 * 1024;

/** How much goes at once: less after a failure, more again after a success. */
export class Pace {
  bytes = BATCH_BYTES_START;
  /**
   * By seat: up to where a log was sent again because the office's copy differs somewhere. It goes
   * on from the start until the parting itself is in a batch, so that the office keeps both.
   */
  readonly again = new Map<number, number>();
  /** By seat: how many changes go at once while it is looked for which of them parted. */
  readonly narrow = new Map<number, number>();
  /** Bundles that this exchange has offered already, by their digests. */
  readonly tried = new Set<string>();

  slower(): void {
    this.bytes = Math.max(BATCH_BYTES_MIN, this.bytes >> 2);
  }

  faster(): void {
    this.bytes = Math.min(BATCH_BYTES_MAX, this.bytes * 2);
  }
}

export interface Request {
  readonly device: StoredDevice;
  readonly seats: readonly StoredSeat[];
  /** By seat, up to where a log that parted is said again to an office that was restored. */
  readonly retold: ReadonlyMap<number, number>;
  /** The seat that pages are for; null while nobody is at work. */
  readonly reader: OpenSeat | null;
  readonly batches: readonly Batch[];
  readonly sealed: readonly StoredBundle[];
  /** The offers that it carries, by their ids. */
  readonly offers: readonly string[];
  /** The leases that it names. */
  readonly leases: readonly LeaseHeld[];
  /** Whether it shows every paper that this phone has. */
  readonly showsAll: boolean;
  readonly body: Bytes;
}

export async function makeRequest(world: World, pace: Pace): Promise<Request | null> {
  const { store, clock, appVersion } = world;
  // Raised on the disk before anything goes out: a number is never used twice.
  const device = await store.changeDevice((now) => ({ ...now, lastNumber: now.lastNumber + 1 }));
  if (device === null) return null;
  const again = await retoldLogs(store, device);
  const retold = new Map(again.map(({ seat, upTo }) => [seat.seat, upTo]));
  const own = (await store.seats()).filter(
    ({ seat, device: of, continuedBy }) =>
      of === device.device && (continuedBy === null || retold.has(seat)),
  );
  const seats = own.slice(-EXCHANGE_LOGS_MAX);
  const reader = seats.filter(isOpen).find(({ seat }) => seat === device.seat) ?? null;
  const sealed = await bundlesToSend(store, pace.tried, pace.bytes);
  const batches = await makeBatches(store, device.office, { seats, retold }, sealed, pace, async (seat, after) => {
    const { endBefore } = await import('./mending');
    await endBefore(world, seat, after);
  });
  const showsAll = device.papersDue === true;
  const offered = await store.offers(EXCHANGE_OFFERED_MAX, OFFERED_BYTES);
  const today = dayToday(clock, device.skewMs);
  const leases = reader === null ? [] : await leasesToName(store, reader.seat, today);
  const message = writeExchangeRequest({
    office: device.office,
    device: device.device,
    number: device.lastNumber,
    time: clock.now() + device.skewMs,
    epoch: device.epoch,
    logs: await Promise.all(seats.map(async (seat) => await endOf(store, seat, retold))),
    batches,
    seat: reader?.seat ?? null,
    cursors: await cursorsOf(store, reader),
    want: Math.min(WANT_BYTES, pace.bytes),
    directory: device.directoryUpTo,
    appVersion,
    receipts: await receiptsOf(store, seats),
    sealed: sealed.map(({ raw }) => raw),
    offered: offered.map(({ state, mac }) => ({ state, mac })),
    shown: papersOf(device, await store.seats()),
    lists: { ...listsOf(device), erasures: device.erasures ?? 0 },
    leases,
    order: device.order?.number ?? 0,
  });
  const readerSign = reader === null ? undefined : signerOf(reader.keys);
  const body = await sealEnvelope(message, signerOf(device.keys), readerSign);
  const offers = offered.map(({ id }) => id);
  return { device, seats, retold, reader, batches, sealed, offers, leases, showsAll, body };
}

/** The newest receipt of each seat: evidence, should the office hold less than it once did. */
async function receiptsOf(store: Store, seats: readonly StoredSeat[]): Promise<Receipt[]> {
  const own = new Set(seats.map(({ seat }) => seat));
  return (await store.receipts()).filter(({ seat }) => own.has(seat));
}

/** Where a log ends, as far as the office is to have it. */
async function endOf(
  store: Store,
  { seat, last, head }: StoredSeat,
  retold: ReadonlyMap<number, number>,
): Promise<LogEnd> {
  const upTo = retold.get(seat) ?? last;
  return { seat, last: upTo, head: (await store.headAt(seat, upTo)) ?? head };
}

async function makeBatches(
  store: Store,
  office: string,
  { seats, retold }: Pick<Request, 'seats' | 'retold'>,
  sealed: readonly StoredBundle[],
  pace: Pace,
  endLog: (seat: StoredSeat, after: number) => Promise<void>,
): Promise<Batch[]> {
  const receipts = new Map((await store.receipts()).map((receipt) => [receipt.seat, receipt]));
  const batches: Batch[] = [];
  let left = pace.bytes - sealed.reduce((sum, { raw }) => sum + raw.length, 0);
  // What goes sealed need not go open as well; the next round goes on from there.
  const bundled = new Set(sealed.map(({ covers }) => covers?.seat));
  for (const seat of seats.filter(isOpen)) {
    const upTo = retold.get(seat.seat);
    if ((seat.trouble !== null && upTo === undefined) || bundled.has(seat.seat)) continue;
    if (batches.length === EXCHANGE_BATCHES_MAX || left <= 0) continue;
    const after = pace.again.get(seat.seat) ?? receipts.get(seat.seat)?.held ?? 0;
    // A log that is sent again from its start begins where this phone still has it.
    const from = pace.again.has(seat.seat) ? Math.max(after, seat.dropped) : after;
    if (from < seat.dropped && upTo === undefined) {
      await store.changeSeat(seat.seat, { trouble: 'log-lost' });
      continue;
    }
    const count = pace.narrow.get(seat.seat) ?? BATCH_CHANGES;
    const found = await store.entriesAfter(seat.seat, from, count, left);
    const whole = unbroken(found, Math.max(from, seat.dropped));
    const entries = whole.filter(({ seq }) => seq <= (upTo ?? Infinity));
    const [first, last] = [entries[0], entries.at(-1)];
    if (first === undefined || last === undefined) {
      if (whole.length === 0 && from < seat.last && upTo === undefined) await endLog(seat, from);
      continue;
    }
    const changes = entries.map(({ change }) => change);
    const batch = {
      protocol: BATCH_PROTOCOL,
      seat: seat.seat,
      first: first.seq,
      changes,
      head: last.head,
    };
    batches.push(await signBatch(signerOf(seat.keys), office, batch));
    left -= changes.reduce((sum, change) => sum + change.length, 0);
  }
  return batches;
}

/** A seat whose vault is open: what is locked goes sealed, or waits for its person. */
type OpenSeat = StoredSeat & { readonly keys: CryptoKeyPair };

function isOpen(seat: StoredSeat): seat is OpenSeat {
  return seat.keys !== null;
}

async function cursorsOf(
  store: Store,
  reader: StoredSeat | null,
): Promise<ReadonlyMap<string, number>> {
  if (reader === null) return new Map();
  const cursors = await store.cursors();
  const areas = reader.areas.slice(0, EXCHANGE_AREAS_MAX);
  return new Map(areas.map((area) => [area, cursors.get(feedOf(reader.seat, area)) ?? 0]));
}
