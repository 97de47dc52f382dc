/** Dossiers that need nothing more on this phone leave it; code and date stay. */
import { expect, it } from 'vitest';
import { type Enrolled, enrolledPhone, sealOne } from '../support/enrolled';

const NAME = 'answers.child_full_name';
const DAY_MS = 24 * 60 * 60 * 1000;

/** A phone with two dossiers at the office, of which a backup covers one; the office sends both. */
async function covered(): Promise<{ readonly one: Enrolled; readonly records: readonly string[] }> {
  const one = await enrolledPhone();
  const seat = (await one.world.store.device())?.seat ?? 0;
  const coded = await sealOne(one, { [NAME]: 'Một', dossier_code: 'H26.18.10441-261122-00012' });
  const records = [coded, await sealOne(one, { [NAME]: 'Hai' })];
  await one.phone.exchangeNow();
  one.office.safe.set(seat, 1);
  await one.phone.exchangeNow();
  return { one, records };
}

async function pass({ office, phone }: Enrolled, days: number): Promise<void> {
  office.time += days * DAY_MS;
  await phone.exchangeNow();
}

it('only what a backup covers, a week after the office had it', async () => {
  const { one, records } = await covered();
  await pass(one, 6);
  expect(await one.phone.dossiers()).toHaveLength(2);
  await pass(one, 2);

  expect((await one.phone.dossiers()).map(({ record }) => record)).toEqual([records[1]]);
  const [left] = await one.phone.left();
  expect(left).toMatchObject({ record: records[0], code: 'H26.18.10441-261122-00012' });
  expect(left?.sealedAt).toMatch(/^2026-11-22T/u);
});

it('heeds how long the person wants them here', async () => {
  const { one } = await covered();
  await one.phone.leaveAfter(30);
  await pass(one, 20);
  expect(await one.phone.dossiers()).toHaveLength(2);
  await pass(one, 11);
  expect(await one.phone.dossiers()).toHaveLength(1);
});

it('not while something of it waits on this phone', async () => {
  const { one, records } = await covered();
  await one.phone.workOffline(true);
  await one.phone.revise(records[0] ?? '', { [NAME]: 'Một Một' }, 'sai tên');
  await one.phone.workOffline(false);
  await pass(one, 8);

  expect(await one.phone.dossiers()).toHaveLength(2);
  expect(await one.phone.left()).toEqual([]);
});
