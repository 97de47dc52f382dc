/** The store in IndexedDB: the acceptance suite, and what only a database can do to us. */
import 'fake-indexeddb/auto';
import { type IDBPDatabase, openDB } from 'idb';
import { describe, expect, it, vi } from 'vitest';
import { packDraft } from '../../src/store/draft';
import { indexedStore } from '../../src/store/indexed';
import { type Sealing, StoreFull, StoreUnavailable } from '../../src/store/port';
import { type Schema, upgrade } from '../../src/store/schema';
import { openSealing } from '../../src/store/sealing';
import { RECORD, appended, deviceRow, draftRow, photoRow, recordRow, seatRow } from '../support/rows';
import { newDiskName } from '../support/world';
import { storeAcceptance } from './acceptance';

describe('in IndexedDB', () => {
  storeAcceptance(() => indexedStore(newDiskName(), openSealing));
});

it('writes strictly', async () => {
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
  await indexedStore(newDiskName(), openSealing).saveDraft(draftRow('a'));

  expect(transaction.mock.lastCall?.slice(1)).toEqual(['readwrite', { durability: 'strict' }]);
});

// FAULT-7
it('says that the disk is full when the transaction aborts for it', async () => {
  const store = indexedStore(newDiskName(), openSealing);
  const seat = await seatRow(11);
  await store.addSeat(seat);
  await store.saveDraft(draftRow('a'));
  const commit = vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function (
    this: IDBObjectStore,
  ) {
    // Browsers abort with this only at the end, when the requests have long succeeded.
    const { transaction } = this;
    const request = this.count();
    Object.defineProperty(transaction, 'error', {
      value: new DOMException('full', 'QuotaExceededError'),
    });
    transaction.abort();
    return request as unknown as IDBRequest<undefined>;
  });

  await expect(store.append(appended(seat, 1, 1, 'a'))).rejects.toBeInstanceOf(StoreFull);
  commit.mockRestore();
  expect(await store.draft('a')).toEqual(draftRow('a'));
  expect((await store.seats())[0]?.last).toBe(0);
  expect(await store.unsent()).toEqual([]);
});

// FAULT-18
it('opens again when the browser has dropped the connection', async () => {
  const store = indexedStore(newDiskName(), openSealing);
  await store.saveDraft(draftRow('a'));
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
    throw new DOMException('closing', 'InvalidStateError');
  });

  expect(await store.draft('a')).toEqual(draftRow('a'));
  expect(transaction).toHaveBeenCalledTimes(2);
});

// FAULT-16, FAULT-17
it('lets a newer version of the app upgrade, and then says that it is the older one', async () => {
  const disk = newDiskName();
  const store = indexedStore(disk, openSealing);
  await store.saveDraft(draftRow('a'));
  const newer = await openDB(disk, 99);

  await expect(store.drafts()).rejects.toBeInstanceOf(StoreUnavailable);
  newer.close();
});

it('takes over the disk of an app that knew no photos', async () => {
  const disk = newDiskName();
  const older = await openDB(disk, 1, {
    upgrade: (database) => {
      for (const table of ['device', 'cursors', 'reference']) database.createObjectStore(table);
      for (const table of ['drafts', 'records']) {
        database.createObjectStore(table, { keyPath: 'id' });
      }
      for (const table of ['seats', 'receipts', 'directory']) {
        database.createObjectStore(table, { keyPath: 'seat' });
      }
      const log = database.createObjectStore('log', { keyPath: ['seat', 'seq'] });
      log.createIndex('record', 'record');
      database.createObjectStore('witnesses', { keyPath: ['seat', 'held'] });
    },
  });
  await older.put('drafts', { id: 'a', sealed: packDraft(draftRow('a')) });
  older.close();
  const store = indexedStore(disk, openSealing);

  expect(await store.draft('a')).toEqual(draftRow('a'));
  expect(await store.photos.add(photoRow('p', 'a'), Uint8Array.of(1))).toBe(true);
  expect(await store.photos.of(RECORD)).toEqual([photoRow('p', 'a')]);
});

it('lays nothing about a citizen on the disk but through the sealing', async () => {
  const disk = newDiskName();
  const hidden: Sealing = {
    ...openSealing,
    seal: (clear) => Promise.resolve(clear.map((byte) => byte ^ 0x5a)),
    open: (sealed) => Promise.resolve(sealed.map((byte) => byte ^ 0x5a)),
  };
  const store = indexedStore(disk, hidden);
  await store.addSeat(await seatRow(11));
  await store.saveDraft(draftRow('a'));
  const seat = (await store.seats())[0];
  if (seat === undefined) throw new Error('no seat');
  const name = new TextEncoder().encode('Bé An');
  const { entry, record, ...rest } = appended(seat, 1, 1);
  const named = { ...rest, entry: { ...entry, change: name }, record: { ...record, state: name } };
  await store.saveDraft(draftRow('b', '01900000000070008000000000000002'));
  await store.photos.add(photoRow('p', 'b', 'giấy của An'), name);
  await store.append(named);

  const database = await openDB(disk);
  for (const table of ['drafts', 'log', 'records', 'photos', 'photo_bytes']) {
    for (const row of (await database.getAll(table)) as { readonly sealed: Uint8Array }[]) {
      expect(new TextDecoder().decode(row.sealed)).not.toContain('An');
    }
  }
  expect((await store.entriesAfter(11, 0, 1, 100))[0]?.change).toEqual(name);
  expect(await store.photos.bytes('p', 'raw')).toEqual(name);
  expect(await store.draft('a')).toEqual(draftRow('a'));
});

// FAULT-16
it('opens what version 1 of the app wrote, and loses nothing of it', async () => {
  const disk = newDiskName();
  const seat = await seatRow(11);
  const { entry, record } = appended(seat, 1, 1);
  const { change, ...link } = entry;
  const later = ['continues', 'continuedBy', 'isClosed', 'dropped', 'renewed', 'state'];
  const asOne = (row: object): object =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !later.includes(name)));
  const one = await openDB(disk, 1, {
    upgrade: (database) => {
      upgrade(database as unknown as IDBPDatabase<Schema>, 0, 1);
    },
  });
  expect([...one.objectStoreNames]).not.toContain('bundles');
  await one.put('seats', { ...asOne(seat), last: 1, head: entry.head });
  await one.put('log', { ...link, sealed: change });
  await one.put('records', { ...asOne(record), sealed: record.state });
  one.close();

  const store = indexedStore(disk, openSealing);
  expect(await store.seats()).toEqual([{ ...seat, last: 1, head: entry.head }]);
  expect(await store.unsent()).toEqual([expect.objectContaining({ seat: 11, seq: 1 })]);
  expect(await store.entriesAfter(11, 0, 10, 1_000)).toEqual([entry]);
  expect(await store.record(record.id)).toEqual(record);
  expect(await store.bundles.all()).toEqual([]);
});

it('reads all feeds once more after version 3, whose states came without marks', async () => {
  const disk = newDiskName();
  const seat = await seatRow(11);
  const device = await deviceRow();
  const row = { ...recordRow('b', 1, ['11/10441']), sealed: Uint8Array.of(1, 7) };
  const three = await openDB(disk, 3, {
    upgrade: (database) => {
      upgrade(database as unknown as IDBPDatabase<Schema>, 0, 3);
    },
  });
  expect([...three.objectStoreNames]).not.toContain('offers');
  await three.put('device', device, 'only');
  await three.put('seats', seat);
  await three.put('records', row);
  await three.put('records', { ...row, id: 'c', feeds: [] });
  await three.put('cursors', 7, '11/10441');
  three.close();

  const store = indexedStore(disk, openSealing);
  expect(await store.cursors()).toEqual(new Map());
  const none = new Uint8Array();
  const given = { epoch: device.epoch, state: null, mac: none, isOffered: false };
  expect(await store.record('b')).toEqual({ ...recordRow('b', 1, ['11/10441']), given });
  expect((await store.record('c'))?.given).toBeUndefined();
  expect(await store.offers(10, 100)).toEqual([]);
  expect(await store.seats()).toEqual([seat]);
});
