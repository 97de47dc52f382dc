/**
 * What comes down in an exchange: pages of states, each kept with its cursor in one transaction.
 *
 * 1. A state joins what this phone holds, and this phone's own changes are applied again on top.
 * 2. A record leaves when no feed holds it any more, unless something of it is still unsent.
 * 3. A page that was asked for before all feeds began again from the start is not taken: the new
 *    cursor would pass over what has to come afresh.
 */
import {
  type Feed,
  type Given,
  type Offer,
  type PageWrite,
  type Store,
  type StoredRecord,
  type StoredSeat,
  feedOf,
} from '../store/port';
import { type Bytes, hex, sameBytes } from '../sync/bytes';
import { hasMerged } from '../sync/carrying';
import type { Page } from '../sync/exchange';
import { type Entry, type State, decodeEntries, decodeState } from '../sync/record';
import { mustStay } from '../sync/reconcile';
import { macAt, offerOf, takeGiven } from './given';
import { isWaiting } from './photos';
import { type Parting, changesTo, partingsOf } from './own_log';

const TRIES_MAX = 5;

/** Who asked for a page, and how often feeds had begun again by then. */
export interface Asking {
  readonly reader: StoredSeat;
  readonly readAnew: number;
}

/**
 * Keeps a page; gives the ids of the records that it changed or took away, or null where it was not
 * taken and has to be asked for again.
 */
export async function takePage(
  store: Store,
  { reader, readAnew }: Asking,
  area: string,
  page: Page,
  epoch: number,
): Promise<string[] | null> {
  const feed = feedOf(reader.seat, area);
  const entries = decodeEntries(page.entries).map((entry, place) => {
    return { entry, epoch, mac: macAt(page.macs, place) };
  });
  return await writing(store, async () => {
    const damaged = new Set(store.damage().records.map(({ id }) => id));
    const known = { unsent: await unsentRecords(store), partings: await partingsOf(store), damaged };
    const { cursor } = page;
    const write = { feed, cursor, readAnew, records: [], removed: [], offers: [] };
    return await entries.reduce<Promise<Draft>>(
      async (made, came) => await addEntry(store, await made, came, known),
      Promise.resolve(write),
    );
  });
}

/** Forgets an area that a seat may not read any more, with all that was held only for it. */
export async function dropArea(store: Store, reader: StoredSeat, area: string): Promise<string[]> {
  const feed = feedOf(reader.seat, area);
  const gone = await writing(store, async () => {
    const unsent = await unsentRecords(store);
    const write: Draft = { feed, cursor: null, records: [], removed: [], offers: [] };
    for (const record of await store.records()) {
      if (record.feeds.includes(feed)) release(write, record, unsent);
    }
    return write;
  });
  return gone ?? [];
}

interface Draft extends PageWrite {
  readonly records: StoredRecord[];
  readonly removed: { id: string; version: number }[];
  readonly offers: Offer[];
}

/** An entry of a page, with the epoch that gave it and the mark on it. */
interface Came {
  readonly entry: Entry;
  readonly epoch: number;
  readonly mac: Bytes;
}

/** What a page is weighed against, read once for it. */
interface Known {
  readonly unsent: ReadonlySet<string>;
  readonly partings: readonly Parting[];
  readonly damaged: ReadonlySet<string>;
}

/** Makes the write anew until nothing moved beneath it; null if that never came. */
async function writing(store: Store, make: () => Promise<Draft>): Promise<string[] | null> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const write = await make();
    if ((await store.applyPage(write)) === 'written') {
      return [...write.records, ...write.removed].map(({ id }) => id);
    }
  }
  return null;
}

async function addEntry(
  store: Store,
  write: Draft,
  { entry, epoch, mac }: Came,
  { unsent, partings, damaged }: Known,
): Promise<Draft> {
  const id = hex(entry.kind === 'state' ? entry.state.record : entry.record);
  const own = await store.record(id);
  if (entry.kind === 'left') {
    if (own !== null) release(write, own, unsent);
    // What cannot be read, and nobody waits for, does not stay.
    else if (damaged.has(id) && !unsent.has(id)) write.removed.push({ id, version: 0 });
    return write;
  }
  const mine = own === null ? null : decodeState(own.state);
  const renewedBefore = own?.renewed ?? 0;
  const parted = mine === null ? [] : merged(partings, mine, renewedBefore);
  // Until its author has signed in anew, the branch stays what this phone shows; then everything
  // comes again from the start, and this record afresh.
  if (parted.some(({ continuedBy }) => continuedBy === null)) return write;
  const base = parted.length > 0 ? null : mine;
  const changes = await changesTo(store, id, partings);
  const { bytes, state: theirs } = entry;
  const arrival = { epoch, bytes, mac, state: theirs };
  const { state, given, offer } = takeGiven(own, base, arrival, changes);
  const feeds = withFeed(own?.feeds ?? [], write.feed);
  const goneOn = partings.map(({ continuedBy }) => continuedBy ?? 0);
  const renewed = Math.max(renewedBefore, ...goneOn);
  const isSame = own !== null && feeds === own.feeds && renewed === renewedBefore;
  if (isSame && sameBytes(own.state, state) && isSameGiven(own.given, given)) return write;
  write.records.push({ id, state, feeds, version: (own?.version ?? 0) + 1, renewed, given });
  if (offer !== null) write.offers.push(offer);
  return write;
}

/** The branches that a state has merged, and that were not left out since. */
function merged(partings: readonly Parting[], state: State, renewed: number): Parting[] {
  return partings.filter(
    (one) => hasMerged(state, [one]) && renewed < (one.continuedBy ?? Infinity),
  );
}

/**
 * Offers what an earlier epoch gave and this one does not, once all that it gives in these feeds
 * has been read; gives how many. The records stay: somebody may bring them yet.
 */
export async function offerMissing(
  store: Store,
  feeds: ReadonlySet<Feed>,
  epoch: number,
): Promise<number> {
  const missing = (await store.records()).filter(({ feeds: of, given }) => {
    const isOld = given !== undefined && given.epoch !== epoch && !given.isOffered;
    return isOld && of.length > 0 && of.every((feed) => feeds.has(feed));
  });
  const offers = missing.map(offerOf).filter((offer) => offer !== null);
  const marked = missing.map((record) => {
    const given = record.given && { ...record.given, isOffered: true };
    return { ...record, given, version: record.version + 1 };
  });
  if (marked.length === 0) return 0;
  // Raced: another tab wrote in between; the next exchange looks again.
  return (await store.saveOffers(marked, offers)) === 'written' ? offers.length : 0;
}

function isSameGiven(one: Given | undefined, other: Given): boolean {
  return one?.epoch === other.epoch && sameBytes(one.mac, other.mac);
}

function release(write: Draft, record: StoredRecord, unsent: ReadonlySet<string>): void {
  const feeds = record.feeds.filter((feed) => feed !== write.feed);
  if (mustStay(feeds, unsent.has(record.id))) {
    write.records.push({ ...record, feeds, version: record.version + 1 });
  } else {
    write.removed.push({ id: record.id, version: record.version });
  }
}

function withFeed(feeds: readonly Feed[], feed: Feed): readonly Feed[] {
  return feeds.includes(feed) ? feeds : [...feeds, feed];
}

async function unsentRecords(store: Store): Promise<ReadonlySet<string>> {
  const photos = (await store.photos.all()).filter(isWaiting);
  return new Set([...(await store.unsent()), ...photos].map(({ record }) => record));
}
