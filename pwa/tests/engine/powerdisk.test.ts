/** The simulated disk keeps a store as IndexedDB does, and loses what a power cut takes. */
import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../../src/store/disk';
import { indexedStore } from '../../src/store/indexed';
import { StoreFull, type Store } from '../../src/store/port';
import { openSealing } from '../../src/store/sealing';
import { storeAcceptance } from '../store/acceptance';
import { appended, deviceRow, draftRow, seatRow } from '../support/rows';
import { PowerDisk } from './powerdisk';

describe('on a disk that can lose power', () => {
  storeAcceptance(() => storeOn(new PowerDisk()));
});

it('says that it is full at the end of a transaction, and keeps nothing of it', async () => {
  const disk = new PowerDisk();
  const store = storeOn(disk);
  const seat = await seatRow(11);
  await store.addSeat(seat);
  disk.isFull = true;

  await expect(store.append(appended(seat, 1, 1))).rejects.toBeInstanceOf(StoreFull);
  disk.isFull = false;
  expect(await store.unsent()).toEqual([]);
  expect((await store.seats())[0]?.last).toBe(0);
});

it('opens again when the connection was dropped', async () => {
  const disk = new PowerDisk();
  const store = storeOn(disk);
  await store.saveDraft(draftRow('a'));
  disk.dropped = 1;

  expect(await store.draft('a')).toEqual(draftRow('a'));
});

it('loses of what is pending all but the first, and nothing that was strict', async () => {
  const disk = new PowerDisk();
  await storeOn(disk).saveDevice(await deviceRow());
  const relaxed = storeOn(disk, 'relaxed');
  for (const id of ['a', 'b', 'c']) await relaxed.saveDraft(draftRow(id));
  expect(disk.pending).toBe(3);
  disk.crash(1);
  const left = storeOn(disk);

  expect((await left.drafts()).map(({ id }) => id)).toEqual(['a']);
  expect((await left.device())?.device).toBe(2);
});

it('keeps what was relaxed once something strict is on the disk', async () => {
  const disk = new PowerDisk();
  await storeOn(disk, 'relaxed').saveDraft(draftRow('a'));
  await storeOn(disk).saveDraft(draftRow('b'));
  disk.crash(0);

  expect(await storeOn(disk).drafts()).toHaveLength(2);
});

it('is over only when it is on the disk: a crash before that may take it', async () => {
  const disk = new PowerDisk();
  let isSaved = false;
  const store = indexedStore('x', openSealing, () => Promise.resolve(disk.connect({})));
  void store.saveDraft(draftRow('a')).then(() => {
    isSaved = true;
  });
  while (disk.pending === 0) {
    disk.steps()[0]?.();
    await turn();
  }
  disk.crash(0);
  await turn();

  expect(isSaved).toBe(false);
  expect(await storeOn(disk).drafts()).toEqual([]);
});

it('takes no request of a transaction that has ended', async () => {
  const disk = new PowerDisk();
  const transaction = disk.connect({}).transaction(['drafts'], 'readwrite');
  disk.steps()[0]?.();
  await turn();

  await expect(transaction.objectStore('drafts').get('a')).rejects.toMatchObject({
    name: 'TransactionInactiveError',
  });
});

it('copies to a disk of its own', async () => {
  const disk = new PowerDisk();
  await storeOn(disk).saveDraft(draftRow('a'));
  const twin = disk.copy();
  await storeOn(disk).dropDraft('a');

  expect(await storeOn(twin).drafts()).toHaveLength(1);
});

/** A store on the disk, which somebody drives. */
function storeOn(disk: PowerDisk, durability?: 'relaxed'): Store {
  return indexedStore('x', openSealing, () => Promise.resolve(driven(disk, durability)));
}

function driven(disk: PowerDisk, durability?: 'relaxed'): Connection {
  const connection = disk.connect({});
  const transaction = (
    names: Parameters<Connection['transaction']>[0],
    mode?: 'readwrite',
    options?: IDBTransactionOptions,
  ): unknown => {
    const asked = durability === undefined ? options : { durability };
    const begun = connection.transaction(names as never, mode as never, asked);
    void drive(disk);
    return begun;
  };
  return { ...connection, transaction } as unknown as Connection;
}

async function drive(disk: PowerDisk): Promise<void> {
  await turn();
  for (let steps = disk.steps(); steps.length > 0; steps = disk.steps()) {
    steps[0]?.();
    await turn();
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
