/** The phone drops its own copies of changes, and nothing that is still needed goes with them. */
import { expect, it } from 'vitest';
import { type Enrolled, enrolledPhone, sealOne } from '../support/enrolled';

const NAME = 'answers.child_full_name';
const DAY_MS = 24 * 60 * 60 * 1000;

async function seatOf({ world }: Enrolled): Promise<number> {
  return (await world.store.device())?.seat ?? 0;
}

async function kept({ world }: Enrolled, seat: number): Promise<number[]> {
  return (await world.store.entriesAfter(seat, 0, 100, Infinity)).map(({ seq }) => seq);
}

/** A phone with three sealed dossiers at the office, of which a backup covers two. */
async function covered(): Promise<{
  readonly one: Enrolled;
  readonly seat: number;
  readonly records: readonly string[];
}> {
  const one = await enrolledPhone();
  // Dossiers leave sooner than changes do; here they stay.
  await one.phone.leaveAfter(365);
  const seat = await seatOf(one);
  const records: string[] = [];
  for (const name of ['Một', 'Hai', 'Ba']) records.push(await sealOne(one, { [NAME]: name }));
  await one.phone.exchangeNow();
  one.office.safe.set(seat, 2);
  await one.phone.exchangeNow();
  return { one, seat, records };
}

async function pass(one: Enrolled, days: number): Promise<void> {
  one.office.time += days * DAY_MS;
  await one.phone.exchangeNow();
}

it('drops only what a backup covers, and only days later', async () => {
  const { one, seat } = await covered();
  expect(await kept(one, seat)).toEqual([1, 2, 3]);
  await pass(one, 29);
  expect(await kept(one, seat)).toEqual([1, 2, 3]);
  await pass(one, 2);

  expect(await kept(one, seat)).toEqual([3]);
});

it('heeds how long the person wants it kept', async () => {
  const { one, seat } = await covered();
  await one.phone.keepLogFor(7);
  await pass(one, 8);

  expect(await kept(one, seat)).toEqual([3]);
  expect((await one.phone.device())?.logDays).toBe(7);
});

it('keeps dossiers, receipts and heads, and goes on', async () => {
  const { one, seat, records } = await covered();
  await pass(one, 31);
  const [first = ''] = records;

  expect((await one.phone.dossier(first))?.fields.get(NAME)?.head.value).toBe('Một');
  expect(await one.phone.dossierTruth(first)).toMatchObject({ place: 'received' });
  expect((await one.world.store.receipts())[0]).toMatchObject({ seat, held: 3, safe: 2 });
  expect(await one.world.store.headAt(seat, 1)).not.toBeNull();
  await one.phone.revise(first, { [NAME]: 'Một, sửa' }, 'sai tên');
  await one.phone.exchangeNow();
  expect(one.office.shownIn(first, NAME)).toBe('Một, sửa');
});

it('still exports all that no backup covers', async () => {
  const { one } = await covered();
  await one.phone.fetchReference();
  await pass(one, 31);

  expect(await one.phone.exportFile('unsafe', () => undefined)).toMatchObject({ changes: 1 });
});

it('sends again what a restored office lost above the backup', async () => {
  const { one, records } = await covered();
  await pass(one, 31);
  for (const log of one.office.logs.values()) log.changes.length = 2;
  one.office.epoch = 2;
  one.office.safe.clear();
  await one.phone.exchangeNow();
  await one.phone.exchangeNow();

  expect(one.office.shownIn(records[2] ?? '', NAME)).toBe('Ba');
  expect((await one.phone.outbox()).changes).toBe(0);
});

it('drops nothing more while a new epoch covers less', async () => {
  const { one, seat } = await covered();
  await one.phone.exchangeNow();
  one.office.epoch = 2;
  one.office.safe.clear();
  await pass(one, 60);

  expect(await kept(one, seat)).toEqual([1, 2, 3]);
});

it('asks to sign in anew where the office lost what was dropped, and carries on', async () => {
  const { one, seat, records } = await covered();
  await pass(one, 31);
  const fresh = await sealOne(one, { [NAME]: 'Bốn' });
  for (const log of one.office.logs.values()) log.changes.length = 1;
  one.office.feed = one.office.feed.filter(({ record }) => record === records[0]);
  one.office.epoch = 2;
  one.office.safe.clear();
  await one.phone.exchangeNow();
  await one.phone.exchangeNow();
  expect((await one.phone.seats())[0]).toMatchObject({ trouble: 'log-lost', mustSignInAnew: true });

  await one.phone.signIn('tam', 'luudong-demo');
  await one.phone.exchangeNow();
  expect(one.office.shownIn(records[2] ?? '', NAME)).toBe('Ba');
  expect(one.office.shownIn(fresh, NAME)).toBe('Bốn');
  expect((await one.phone.outbox()).changes).toBe(0);
  const lost = await one.phone.dossier(records[1] ?? '');
  expect(lost?.fields.get(NAME)?.head.value).toBe('Hai');
  expect(await kept(one, seat)).toEqual([3, 4]);
});
