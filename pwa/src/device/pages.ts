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
import { type LinkedChange, readSkeleton, split } from '../sync/change';
import type { Page } from '../sync/exchange';
import { type Entry, decodeEntries, decodeState, encodeState } from '../sync/record';
import { mustStay, takeState } from '../sync/reconcile';

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
    const unsent = await unsentRecords(store);
    const write = { feed, cursor: page.cursor, records: [], removed: [] };
    return await entries.reduce<Promise<Draft>>(
      async (made, entry) => await addEntry(store, await made, entry, unsent),
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
  unsent: ReadonlySet<string>,
): Promise<Draft> {
  const id = hex(entry.kind === 'state' ? entry.state.record : entry.record);
  const own = await store.record(id);
  if (entry.kind === 'left') {
    if (own !== null) release(write, own, unsent);
    return write;
  }
  const changes = (await store.entriesOf(id)).map(linkedFrom);
  const state = encodeState(
    takeState(own === null ? null : decodeState(own.state), entry.state, changes),
  );
  const feeds = withFeed(own?.feeds ?? [], write.feed);
  if (own !== null && feeds === own.feeds && sameBytes(own.state, state)) return write;
  write.records.push({ id, state, feeds, version: (own?.version ?? 0) + 1 });
  return write;
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

function linkedFrom(entry: {
  readonly seat: number;
  readonly seq: number;
  readonly head: LinkedChange['head'];
  readonly change: LinkedChange['head'];
}): LinkedChange {
  const [skeletonBytes, bodyBytes] = split(entry.change);
  const { seat, seq, head } = entry;
  return { seat, seq, head, skeletonBytes, bodyBytes, skeleton: readSkeleton(skeletonBytes) };
}
