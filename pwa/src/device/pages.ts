/**
 * What comes down in an exchange: pages of states, each kept with its cursor in one transaction.
 *
 * 1. A state joins what this phone holds, and this phone's own changes are applied again on top.
 * 2. A record leaves when no feed holds it any more, unless something of it is still unsent.
 */
import {
  type Feed,
  type PageWrite,
  type Store,
  type StoredRecord,
  type StoredSeat,
  feedOf,
} from '../store/port';
import { hex, sameBytes } from '../sync/bytes';
import { hasMerged } from '../sync/carrying';
import type { Page } from '../sync/exchange';
import { type Entry, type State, decodeEntries, decodeState, encodeState } from '../sync/record';
import { mustStay, takeState } from '../sync/reconcile';
import { type Parting, changesTo, partingsOf } from './own_log';

const TRIES_MAX = 5;

/** Keeps a page; gives the ids of the records that it changed or took away. */
export async function takePage(
  store: Store,
  reader: StoredSeat,
  area: string,
  page: Page,
): Promise<string[]> {
  const feed = feedOf(reader.seat, area);
  const entries = decodeEntries(page.entries);
  return await writing(store, async () => {
    const known = { unsent: await unsentRecords(store), partings: await partingsOf(store) };
    const write = { feed, cursor: page.cursor, records: [], removed: [] };
    return await entries.reduce<Promise<Draft>>(
      async (made, entry) => await addEntry(store, await made, entry, known),
      Promise.resolve(write),
    );
  });
}

/** Forgets an area that a seat may not read any more, with all that was held only for it. */
export async function dropArea(store: Store, reader: StoredSeat, area: string): Promise<string[]> {
  const feed = feedOf(reader.seat, area);
  return await writing(store, async () => {
    const unsent = await unsentRecords(store);
    const write: Draft = { feed, cursor: null, records: [], removed: [] };
    for (const record of await store.records()) {
      if (record.feeds.includes(feed)) release(write, record, unsent);
    }
    return write;
  });
}

interface Draft extends PageWrite {
  readonly records: StoredRecord[];
  readonly removed: { id: string; version: number }[];
}

/** What a page is weighed against, read once for it. */
interface Known {
  readonly unsent: ReadonlySet<string>;
  readonly partings: readonly Parting[];
}

/** Makes the write anew until nothing moved beneath it. */
async function writing(store: Store, make: () => Promise<Draft>): Promise<string[]> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const write = await make();
    if ((await store.applyPage(write)) === 'written') {
      return [...write.records, ...write.removed].map(({ id }) => id);
    }
  }
  return [];
}

async function addEntry(
  store: Store,
  write: Draft,
  entry: Entry,
  { unsent, partings }: Known,
): Promise<Draft> {
  const id = hex(entry.kind === 'state' ? entry.state.record : entry.record);
  const own = await store.record(id);
  if (entry.kind === 'left') {
    if (own !== null) release(write, own, unsent);
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
  const state = encodeState(takeState(base, entry.state, changes));
  const feeds = withFeed(own?.feeds ?? [], write.feed);
  const goneOn = partings.map(({ continuedBy }) => continuedBy ?? 0);
  const renewed = Math.max(renewedBefore, ...goneOn);
  const isSame = own !== null && feeds === own.feeds && renewed === renewedBefore;
  if (isSame && sameBytes(own.state, state)) return write;
  write.records.push({ id, state, feeds, version: (own?.version ?? 0) + 1, renewed });
  return write;
}

/** The branches that a state has merged, and that were not left out since. */
function merged(partings: readonly Parting[], state: State, renewed: number): Parting[] {
  return partings.filter(
    (one) => hasMerged(state, [one]) && renewed < (one.continuedBy ?? Infinity),
  );
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
  return new Set((await store.unsent()).map(({ record }) => record));
}
