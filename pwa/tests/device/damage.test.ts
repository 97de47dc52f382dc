/**
 * FAULT-19: rows whose bytes are not those that were written. One of them hides no other, nobody is
 * told that all is well, and nothing is deleted before a good row takes its place.
 */
import { openDB } from 'idb';
import { expect, it, vi } from 'vitest';
import { type Enrolled, sealOne, startOne } from '../support/enrolled';
import { FakeOffice } from '../support/office';
import { PIN, startedOn, vaultPhone } from '../support/vaults';

const NAME = 'answers.child_full_name';
const PLACE = 'answers.birth_place';

/** Turns one bit of a row where it lies; gives the row's key. */
async function damage(
  disk: string,
  table: 'records' | 'drafts' | 'log' | 'photos' | 'seats',
  pick: (row: Readonly<Record<string, unknown>>) => boolean,
): Promise<IDBValidKey> {
  const database = await openDB(disk);
  for (const key of await database.getAllKeys(table)) {
    const row = (await database.get(table, key)) as Record<string, unknown>;
    const sealed = row['sealed'] ?? row['sealedKey'];
    if (!pick(row) || !(sealed instanceof Uint8Array)) continue;
    sealed[sealed.length - 1] = (sealed[sealed.length - 1] ?? 0) ^ 1;
    await database.put(table, row);
    database.close();
    return key;
  }
  throw new Error(`no such row of ${table}`);
}

const isRecord =
  (record: string) =>
  ({ id, record: of }: Readonly<Record<string, unknown>>): boolean =>
    (typeof id === 'string' && id.endsWith(record)) || of === record;

async function office(): Promise<Enrolled> {
  return await vaultPhone(await FakeOffice.open(), 'tam');
}

/** The app started anew on the same disk, and its person let in. */
async function again(one: Enrolled): Promise<Enrolled> {
  const started = startedOn(one.office, one.world.disk);
  await started.phone.unlock('tam', PIN);
  return { ...one, ...started };
}

async function names({ phone }: Enrolled): Promise<unknown[]> {
  return (await phone.dossiers()).map(({ fields }) => fields.get(NAME)?.head.value).sort();
}

it('shows the other dossiers, names the damaged one, and fetches it from the office', async () => {
  const one = await office();
  const records = [];
  for (const name of ['An', 'Bình', 'Chi']) records.push(await sealOne(one, { [NAME]: name }));
  const [, second = ''] = records;
  await one.phone.exchangeNow();
  const key = await damage(one.world.disk, 'records', isRecord(second));

  const two = await again(one);
  expect(await names(two)).toEqual(['An', 'Chi']);
  expect(two.phone.damage()).toMatchObject({ records: [{ id: second, isOwn: false }] });
  expect(await two.phone.dossier(second)).toBeNull();
  const database = await openDB(one.world.disk);
  expect(await database.get('records', key)).toBeDefined();
  database.close();

  await two.phone.exchangeNow();
  expect(await names(two)).toEqual(['An', 'Bình', 'Chi']);
  expect(two.phone.damage().records).toEqual([]);
  expect(await two.phone.revise(second, { [NAME]: 'Bình An' }, 'sai tên')).toMatchObject({ kind: 'sealed' });
  await two.phone.exchangeNow();
  expect(one.office.shownIn(second, NAME)).toBe('Bình An');
});

it('keeps what this phone wrote and did not send, on top of what the office gives again', async () => {
  const one = await office();
  const record = await sealOne(one, { [NAME]: 'An', [PLACE]: 'Mỹ Đức' });
  await one.phone.exchangeNow();
  await one.phone.revise(record, { [NAME]: 'An, sửa' }, 'sai tên');
  await damage(one.world.disk, 'records', isRecord(record));

  const two = await again(one);
  expect(await names(two)).toEqual([]);
  await two.phone.exchangeNow();
  expect(await names(two)).toEqual(['An, sửa']);
  expect(one.office.shownIn(record, NAME)).toBe('An, sửa');
  expect((await two.phone.outbox()).changes).toBe(0);
});

it('makes a dossier that only is here again from its log, without a network', async () => {
  const one = await office();
  const record = await sealOne(one, { [NAME]: 'An' });
  await one.phone.revise(record, { [PLACE]: 'Mỹ Đức' }, 'thiếu nơi sinh');
  await damage(one.world.disk, 'records', isRecord(record));

  const two = await again(one);
  expect(await names(two)).toEqual(['An']);
  expect((await two.phone.dossier(record))?.fields.get(PLACE)?.head.value).toBe('Mỹ Đức');
  expect(two.phone.damage().records).toEqual([]);
  await two.phone.exchangeNow();
  expect(one.office.shownIn(record, PLACE)).toBe('Mỹ Đức');
});

it('begins the feeds anew once for a row, however often the app starts', async () => {
  const one = await office();
  const record = await sealOne(one, { [NAME]: 'An' });
  await one.phone.exchangeNow();
  await damage(one.world.disk, 'records', isRecord(record));
  // The office has it no more for whoever reads here.
  one.office.feed = [];

  const two = await again(one);
  await two.phone.dossiers();
  await two.phone.exchangeNow();
  const forgotten = vi.spyOn(two.world.store, 'forgetCursors');
  await two.phone.exchangeNow();
  const three = await again(two);
  await three.phone.dossiers();
  const later = vi.spyOn(three.world.store, 'forgetCursors');
  await three.phone.exchangeNow();
  expect([forgotten.mock.calls.length, later.mock.calls.length]).toEqual([0, 0]);
  expect(three.phone.damage().records).toHaveLength(1);
});

it('a damaged record that nobody gives again goes when a person says so, and leaves a trace', async () => {
  const one = await office();
  const record = await sealOne(one, { [NAME]: 'An' });
  const other = await sealOne(one, { [NAME]: 'Bình' });
  await one.phone.exchangeNow();
  await damage(one.world.disk, 'records', isRecord(record));
  one.office.feed = [];
  const two = await again(one);
  await two.phone.dossiers();

  // Before the office was asked nobody knows whether it gives it again.
  expect(await two.phone.removableDamage()).toEqual([]);
  await two.phone.removeDamage();
  expect(two.phone.damage().records).toHaveLength(1);

  await two.phone.exchangeNow();
  expect(await two.phone.removableDamage()).toEqual([record]);
  expect(await two.phone.removeDamage()).toBeNull();
  expect(two.phone.damage().records).toEqual([]);
  expect(await two.phone.left()).toMatchObject([{ record, code: '', sealedAt: '' }]);
  const three = await again(two);
  expect(await names(three)).toEqual(['Bình']);
  expect(three.phone.damage().records).toEqual([]);
  expect((await three.phone.dossier(other))?.record).toBe(other);
});

it('a damaged record with work that is not sent is not taken away', async () => {
  const one = await office();
  const record = await sealOne(one, { [NAME]: 'An' });
  await one.phone.exchangeNow();
  await one.phone.revise(record, { [NAME]: 'An An' }, 'sai tên');
  await damage(one.world.disk, 'records', isRecord(record));
  const two = await again(one);
  await two.phone.dossiers();
  await two.world.store.changeDevice((now) => ({ ...now, askedAgain: [record] }));

  expect(await two.phone.removableDamage()).toEqual([]);
});

it('a draft that cannot be read is named, and the others stay', async () => {
  const one = await office();
  const [lost, kept] = [await startOne(one.phone), await startOne(one.phone)];
  await damage(one.world.disk, 'drafts', ({ id }) => id === lost.id);

  const { phone } = await again(one);
  expect((await phone.drafts()).map(({ id }) => id)).toEqual([kept.id]);
  expect(await phone.draft(lost.id)).toBeNull();
  expect(phone.damage().drafts).toEqual([lost.id]);
  await phone.dropDraft(lost.id);
  expect(phone.damage().drafts).toEqual([]);
});

it('a damaged change that is not sent ends its log; what it set goes over to a new one', async () => {
  const one = await office();
  const [first, second, third] = [
    await sealOne(one, { [NAME]: 'Một' }),
    await sealOne(one, { [NAME]: 'Hai', [PLACE]: 'Phú Thọ' }),
    await sealOne(one, { [NAME]: 'Ba' }),
  ];
  await one.phone.revise(second, { [PLACE]: 'Mỹ Đức' }, 'sai nơi sinh');
  await damage(one.world.disk, 'log', isRecord(second));

  const two = await again(one);
  await two.phone.exchangeNow();
  // What came before it is sent; of the rest, nobody says that it was.
  expect(one.office.shownIn(first, NAME)).toBe('Một');
  expect(one.office.shownIn(third, NAME)).toBeNull();
  expect((await two.phone.seats())[0]).toMatchObject({ trouble: 'log-damaged', mustSignInAnew: true });
  expect(await two.phone.dossierTruth(third)).toEqual({ place: 'attention', why: 'log-damaged' });
  expect(await names(two)).toEqual(['Ba', 'Hai', 'Một']);

  await two.phone.signIn('tam', 'luudong-demo');
  await two.phone.exchangeNow();
  expect(one.office.shownIn(second, NAME)).toBe('Hai');
  expect(one.office.shownIn(second, PLACE)).toBe('Mỹ Đức');
  expect(one.office.shownIn(third, NAME)).toBe('Ba');
  expect((await two.phone.outbox()).changes).toBe(0);
  expect(await two.phone.dossierTruth(second)).toMatchObject({ place: 'received' });
  expect(await names(two)).toEqual(['Ba', 'Hai', 'Một']);
});

it('a damaged signing key asks to sign in anew, and the work goes over', async () => {
  const one = await office();
  const record = await sealOne(one, { [NAME]: 'An' });
  await damage(one.world.disk, 'seats', () => true);

  const two = await again(one);
  expect(await names(two)).toEqual(['An']);
  expect((await two.phone.seats())[0]).toMatchObject({ trouble: 'log-damaged', mustSignInAnew: true });
  await two.phone.exchangeNow();
  await two.phone.signIn('tam', 'luudong-demo');
  await two.phone.exchangeNow();
  expect(one.office.shownIn(record, NAME)).toBe('An');
  expect((await two.phone.outbox()).changes).toBe(0);
});

it('what the browser itself does not give out is as damaged as what does not open', async () => {
  const one = await office();
  const [first] = [await sealOne(one, { [NAME]: 'An' }), await sealOne(one, { [NAME]: 'Bình' })];
  await one.phone.exchangeNow();
  const isLost = (table: IDBObjectStore, asked: unknown): boolean => {
    const from: unknown = asked instanceof IDBKeyRange ? asked.lower : asked;
    const to: unknown = asked instanceof IDBKeyRange ? asked.upper : asked;
    const isOther = typeof from === 'string' && from === to && !from.endsWith(first);
    return table.name === 'records' && !isOther;
  };
  const spies = (['get', 'getAll'] as const).map((name) => {
    const real = Reflect.get(IDBObjectStore.prototype, name) as (asked: unknown) => IDBRequest;
    return vi.spyOn(IDBObjectStore.prototype, name).mockImplementation(function (
      this: IDBObjectStore,
      ...given: unknown[]
    ) {
      // Chromium keeps large values in files of their own, and says so when one is lost.
      if (isLost(this, given[0])) throw new DOMException('Failed to read large value', 'DataError');
      return Reflect.apply(real, this, given) as IDBRequest;
    });
  });

  const two = await again(one);
  expect(await names(two)).toEqual(['Bình']);
  expect(two.phone.damage().records).toEqual([{ id: first, isOwn: false }]);
  for (const spy of spies) spy.mockRestore();
  await two.phone.exchangeNow();
  expect(await names(two)).toEqual(['An', 'Bình']);
});
