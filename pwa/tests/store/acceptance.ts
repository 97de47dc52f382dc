/** What every store must do, whatever it is made of. */
import { beforeEach, describe, expect, it } from 'vitest';
import { signerOf, verify } from '../../src/device/keys';
import type { Store, StoredBundle } from '../../src/store/port';
import {
  RECORD,
  appended,
  deviceRow,
  draftRow,
  entryRow,
  receiptRow,
  recordRow,
  seatRow,
} from '../support/rows';

export function storeAcceptance(open: () => Store): void {
  let store: Store;

  beforeEach(() => {
    store = open();
  });

  describe('the device', () => {
    it('is nobody before enrolment', async () => {
      expect(await store.device()).toBeNull();
      expect(await store.changeDevice((device) => device)).toBeNull();
    });

    it('comes back with a key that signs and that nobody can read', async () => {
      const device = await deviceRow();
      await store.saveDevice(device);
      const back = await store.device();
      const signed = await signerOf(back?.keys ?? device.keys)(Uint8Array.of(1));

      expect(await verify(device.publicKey, Uint8Array.of(1), signed)).toBe(true);
      expect(back?.keys.privateKey.extractable).toBe(false);
    });

    it('never gives one request number twice', async () => {
      await store.saveDevice(await deviceRow());
      const raise = async (): Promise<number | undefined> =>
        (await store.changeDevice((now) => ({ ...now, lastNumber: now.lastNumber + 1 })))
          ?.lastNumber;
      const numbers = await Promise.all([raise(), raise(), raise(), raise()]);

      expect(numbers.sort()).toEqual([1, 2, 3, 4]);
    });

    it('puts a new seat to work', async () => {
      await store.saveDevice(await deviceRow());
      await store.addSeat(await seatRow(11));

      expect((await store.device())?.seat).toBe(11);
      expect((await store.seats()).map(({ seat }) => seat)).toEqual([11]);
    });
  });

  describe('a draft', () => {
    it('comes back as it was saved, until it is dropped', async () => {
      await store.saveDraft(draftRow('a'));
      expect(await store.draft('a')).toEqual(draftRow('a'));
      expect(await store.drafts()).toHaveLength(1);

      await store.dropDraft('a');
      expect(await store.draft('a')).toBeNull();
    });

    it('ends in the transaction of its sealing, and no late save brings it back', async () => {
      const seat = await seatRow(11);
      await store.addSeat(seat);
      await store.saveDraft(draftRow('a'));
      await store.append(appended(seat, 1, 1, 'a'));
      await store.saveDraft(draftRow('a'));

      expect(await store.drafts()).toEqual([]);
      expect((await store.record(RECORD))?.version).toBe(1);
    });
  });

  describe('a log', () => {
    it('grows by one with its head and its record', async () => {
      const seat = await seatRow(11);
      await store.addSeat(seat);

      expect(await store.append(appended(seat, 1, 1))).toBe('written');
      expect(await store.append(appended(seat, 2, 2))).toBe('written');
      expect((await store.seats())[0]?.last).toBe(2);
      expect(await store.entriesOf(RECORD)).toEqual([entryRow(11, 1), entryRow(11, 2)]);
      expect(await store.headAt(11, 2)).toEqual(entryRow(11, 2).head);
      expect(await store.headAt(11, 3)).toBeNull();
    });

    // FAULT-13, FAULT-14: a number is never given twice, whoever holds the lock.
    it('takes only one of two changes that were made for one place', async () => {
      const seat = await seatRow(11);
      await store.addSeat(seat);
      const both = await Promise.all([
        store.append(appended(seat, 1, 1)),
        store.append(appended(seat, 1, 1)),
      ]);

      expect(both.sort()).toEqual(['raced', 'written']);
      expect(await store.entriesOf(RECORD)).toHaveLength(1);
    });

    it('keeps nothing of a change whose record moved meanwhile', async () => {
      const seat = await seatRow(11);
      await store.addSeat(seat);
      await store.append(appended(seat, 1, 1));

      expect(await store.append(appended(seat, 2, 1))).toBe('raced');
      expect((await store.seats())[0]?.last).toBe(1);
      expect(await store.entriesAfter(11, 1, 10, 1_000)).toEqual([]);
    });

    it('is read in bounded pieces, the first always', async () => {
      const seat = await seatRow(11);
      await store.addSeat(seat);
      for (const seq of [1, 2, 3]) await store.append(appended(seat, seq, seq));
      const seqs = async (after: number, count: number, bytes: number): Promise<number[]> =>
        (await store.entriesAfter(11, after, count, bytes)).map(({ seq }) => seq);

      expect(await seqs(0, 2, 1_000)).toEqual([1, 2]);
      expect(await seqs(1, 9, 6)).toEqual([2, 3]);
      expect(await seqs(0, 9, 1)).toEqual([1]);
    });
  });

  describe('receipts', () => {
    it('say what is unsent, and when it was taken first', async () => {
      const seat = await seatRow(11);
      await store.addSeat(seat);
      for (const seq of [1, 2, 3]) await store.append(appended(seat, seq, seq));
      await store.saveReceipts([receiptRow(11, 1, 100)]);
      await store.saveReceipts([receiptRow(11, 2, 200)]);
      await store.saveReceipts([receiptRow(11, 2, 300)]);

      expect((await store.unsent()).map(({ seq }) => seq)).toEqual([3]);
      expect(await store.witness(11, 1)).toMatchObject({ time: 100 });
      expect(await store.witness(11, 2)).toMatchObject({ time: 200 });
      expect(await store.witness(11, 3)).toBeNull();
      expect((await store.receipts())[0]?.time).toBe(300);
    });

    it('fall back with an office that lost what it held', async () => {
      const seat = await seatRow(11);
      await store.addSeat(seat);
      for (const seq of [1, 2]) await store.append(appended(seat, seq, seq));
      await store.saveReceipts([receiptRow(11, 2, 100)]);
      await store.saveReceipts([receiptRow(11, 1, 200)]);

      expect((await store.unsent()).map(({ seq }) => seq)).toEqual([2]);
      expect(await store.witness(11, 2)).toBeNull();
    });
  });

  describe('a page', () => {
    const page = {
      feed: '11/10441',
      cursor: 5,
      records: [recordRow('b', 1)],
      removed: [],
    } as const;

    it('is kept with its cursor', async () => {
      expect(await store.applyPage(page)).toBe('written');
      expect(await store.cursors()).toEqual(new Map([['11/10441', 5]]));
      expect(await store.records()).toEqual([recordRow('b', 1)]);
    });

    it('is kept not at all when a record moved beneath it', async () => {
      await store.applyPage(page);
      const late = { ...page, cursor: 9, records: [recordRow('c', 1), recordRow('b', 1)] };

      expect(await store.applyPage(late)).toBe('raced');
      expect(await store.record('c')).toBeNull();
      expect((await store.cursors()).get('11/10441')).toBe(5);
    });

    it('is kept with what the office gave, and with what goes back to it', async () => {
      const given = { epoch: 1, state: Uint8Array.of(9), mac: Uint8Array.of(8), isOffered: false };
      const offer = { id: 'b/1', state: Uint8Array.of(5, 5), mac: Uint8Array.of(6) };
      const records = [{ ...recordRow('b', 1), given }];
      await store.applyPage({ ...page, records, offers: [offer] });

      expect((await store.record('b'))?.given).toEqual(given);
      expect(await store.offers(10, 100)).toEqual([offer]);
      const marked = { ...recordRow('b', 2), given: { ...given, isOffered: true } };
      const other = { ...offer, id: 'c/1' };
      expect(await store.saveOffers([marked], [other])).toBe('written');
      expect(await store.saveOffers([marked], [{ ...offer, id: 'd/1' }])).toBe('raced');
      expect(await store.offers(10, 3)).toEqual([offer]);
      await store.dropOffers(['b/1']);
      expect(await store.offers(10, 100)).toEqual([other]);
    });

    it('is not kept when all feeds began again after it was asked for', async () => {
      await store.saveDevice(await deviceRow());
      const asked = (await store.device())?.readAnew ?? 0;
      expect(await store.applyPage({ ...page, cursor: 3, records: [], readAnew: asked })).toBe(
        'written',
      );
      await store.forgetCursors();

      expect(await store.applyPage({ ...page, readAnew: asked })).toBe('raced');
      expect(await store.records()).toEqual([]);
      expect(await store.cursors()).toEqual(new Map());
      const now = (await store.device())?.readAnew ?? 0;
      expect(await store.applyPage({ ...page, readAnew: now })).toBe('written');
    });

    it('takes records away, and a feed that is lost with its cursor', async () => {
      await store.applyPage(page);
      const removed = [{ id: 'b', version: 1 }];
      await store.applyPage({ feed: '11/10441', cursor: null, records: [], removed });

      expect(await store.records()).toEqual([]);
      expect(await store.cursors()).toEqual(new Map());
    });
  });

  describe('a log that another seat goes on from', () => {
    it('ends in the transaction that makes the new seat, and cursors are forgotten', async () => {
      await store.saveDevice(await deviceRow());
      const old = await seatRow(11);
      await store.addSeat(old);
      await store.append(appended(old, 1, 1));
      const feed = '11/10441' as const;
      await store.applyPage({ feed, cursor: 7, records: [], removed: [] });
      const { last, head } = (await store.seats())[0] ?? old;
      const from = { seat: 11, last, head, reason: 'log-old', common: 0, carried: 0 } as const;
      await store.addSeat({ ...(await seatRow(12)), continues: from });

      const [before, after] = await store.seats();
      expect([before?.continuedBy, after?.continues]).toEqual([12, from]);
      expect((await store.device())?.seat).toBe(12);
      expect([...(await store.cursors())]).toEqual([]);
      expect(await store.append(appended({ ...old, last: 1 }, 2, 2))).toBe('raced');
    });

    it('keeps how far it is carried over with the change that did it', async () => {
      await store.saveDevice(await deviceRow());
      await store.addSeat(await seatRow(11));
      const head = new Uint8Array(32);
      const from = { seat: 11, last: 3, head, reason: 'log-old', common: 0, carried: 0 } as const;
      const seat = { ...(await seatRow(12)), continues: from };
      await store.addSeat(seat);
      const step = appended({ ...seat, continues: { ...from, carried: 2 } }, 1, 1);
      await store.append(step);

      expect((await store.seats())[1]?.continues?.carried).toBe(2);
    });

    it('leaves what it parted earlier by to the newest seat, and waits for it again', async () => {
      await store.saveDevice(await deviceRow());
      const old = await seatRow(11);
      await store.addSeat(old);
      await store.append(appended(old, 1, 1));
      const head = new Uint8Array(32);
      const from = { seat: 11, last: 1, head, reason: 'log-old', common: 1, carried: 1 } as const;
      await store.addSeat({ ...(await seatRow(12)), continues: from });
      await store.changeSeat(11, { isClosed: true });
      await store.applyPage({ feed: '12/10441', cursor: 7, records: [], removed: [] });
      const begun = (await store.device())?.readAnew ?? 0;

      await store.partEarlier(11, { upTo: 0, epoch: 2 }, 1);
      await store.partEarlier(11, { upTo: 0, epoch: 3 }, 0);

      const owed = [{ seat: 11, upTo: 1, carried: 0 }];
      expect((await store.seats()).map((seat) => seat.owed ?? [])).toEqual([[], owed]);
      expect(await store.unsent()).toHaveLength(1);
      expect([...(await store.cursors())]).toEqual([]);
      expect((await store.device())?.readAnew).toBeGreaterThan(begun);
      await store.addSeat({ ...(await seatRow(13)), continues: { ...from, seat: 12 } });
      expect((await store.seats()).map((seat) => seat.owed ?? [])).toEqual([[], [], owed]);
    });

    it('waits for nothing any more once it is closed', async () => {
      const seat = await seatRow(11);
      await store.addSeat(seat);
      await store.append(appended(seat, 1, 1));
      expect(await store.unsent()).toHaveLength(1);
      await store.changeSeat(11, { isClosed: true });

      expect(await store.unsent()).toEqual([]);
      expect(await store.entriesAfter(11, 0, 10, 1_000)).toHaveLength(1);
    });
  });

  describe('what a backup covers', () => {
    it('leaves the log but for the heads', async () => {
      let seat = await seatRow(11);
      await store.addSeat(seat);
      for (const seq of [1, 2, 3]) {
        const step = appended(seat, seq, seq);
        await store.append(step);
        seat = { ...seat, last: seq, head: step.entry.head };
      }

      expect(await store.dropEntries(11, 2)).toBe(2);
      expect(await store.dropEntries(11, 2)).toBe(0);
      expect((await store.entriesAfter(11, 0, 1, 1_000)).map(({ seq }) => seq)).toEqual([3]);
      expect((await store.entriesOf(RECORD)).map(({ seq }) => seq)).toEqual([3]);
      expect(await store.headAt(11, 1)).toEqual(entryRow(11, 1).head);
      expect((await store.seats())[0]?.last).toBe(3);
    });
  });

  it('tells up to where receipts of a time covered a log', async () => {
    await store.addSeat(await seatRow(11));
    await store.saveReceipts([receiptRow(11, 2, 100)]);
    await store.saveReceipts([receiptRow(11, 5, 200)]);

    const held = [99, 100, 199, 200].map(async (time) => await store.heldAt(11, time));
    expect(await Promise.all(held)).toEqual([0, 2, 2, 5]);
    expect(await store.heldAt(12, 900)).toBe(0);
  });

  describe('bundles', () => {
    const bundle = (digest: string): StoredBundle => ({
      ...{ digest, raw: Uint8Array.of(1, 2), origin: 'carried', addedAt: 5 },
      ...{ covers: null, heldAt: null, code: '' },
    });

    it('stay in the order in which they came, each once', async () => {
      expect(await store.bundles.add([bundle('b'), bundle('a')])).toBe(2);
      expect(await store.bundles.add([bundle('a'), bundle('c')])).toBe(1);

      expect((await store.bundles.all()).map(({ digest }) => digest)).toEqual(['b', 'a', 'c']);
    });

    it('are noted and dropped', async () => {
      await store.bundles.add([bundle('a'), bundle('b')]);
      await store.bundles.change('a', { heldAt: 9, code: '' });
      await store.bundles.change('gone', { code: 'gap' });
      await store.bundles.drop(['b', 'gone']);

      expect(await store.bundles.all()).toEqual([{ ...bundle('a'), heldAt: 9 }]);
    });
  });

  it('keeps the directory and how far it goes together', async () => {
    await store.saveDevice(await deviceRow());
    await store.saveDirectory([{ seat: 12, name: 'An', role: 'helper', device: 'Máy 2' }]);

    expect((await store.device())?.directoryUpTo).toBe(12);
    expect(await store.directory()).toHaveLength(1);
  });

  it('keeps the newest reference data', async () => {
    await store.saveReference({ etag: 'a', message: Uint8Array.of(1) });
    await store.saveReference({ etag: 'b', message: Uint8Array.of(2) });

    expect(await store.reference()).toEqual({ etag: 'b', message: Uint8Array.of(2) });
  });
}
