/** What needs nothing more on this phone leaves it; of dossiers code and date stay. */
import { expect, it } from 'vitest';
import type { Said } from '../../src/shift/work';
import type { WorkKind } from '../../src/sync/kinds';
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

/** The office has these, gives them back, and a backup covers all. */
async function cover({ office, phone, world }: Enrolled, records: readonly string[]): Promise<void> {
  await phone.exchangeNow();
  const seat = (await world.store.device())?.seat ?? 0;
  office.safe.set(seat, office.logs.get(seat)?.changes.length ?? 0);
  for (const record of records) office.touch(record);
  await phone.exchangeNow();
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

const RESULT: Said = { person: 'Đào Thị Vân Khánh', copies: 1 };
const AT = '2026-11-22T15:00:00+07:00';

it.each<[WorkKind, string, Said, Said | null]>([
  ['result_delivery', 'handed back', { ...RESULT, status: 'taken' }, { status: 'delivered', handed_at: AT }],
  ['result_delivery', 'back at the office', { ...RESULT, status: 'taken' }, { ended: 'back' }],
  ['custody', 'given back', { paper: 'Giấy chứng sinh', status: 'kept' }, { status: 'returned' }],
  ['petition', 'taken down', { words: 'Đường lầy', person: 'Đào Duy Khang', status: 'taken' }, null],
  ['satisfaction_survey', 'answered', { overall: 4, remark: 'Chờ lâu' }, null],
])('%s that is %s leaves no trace; one that is open stays', async (kind, _how, begun, ended) => {
  const one = await enrolledPhone();
  const write = async (record: string | null, said: Said): Promise<string> => {
    const outcome = await one.phone.keepWork(kind, record, { area: '10441', ...said });
    if (outcome.kind !== 'sealed') throw new Error(outcome.kind);
    return outcome.record;
  };
  const first = await write(null, begun);
  const open = ended === null ? null : await write(null, begun);
  if (ended !== null) await write(first, ended);
  await cover(one, [first, ...(open === null ? [] : [open])]);
  await pass(one, 6);
  expect((await one.phone.held()).work.map(({ record }) => record)).toContain(first);
  await pass(one, 2);

  expect((await one.phone.held()).work.map(({ record }) => record)).toEqual(open === null ? [] : [open]);
  expect(await one.phone.left()).toEqual([]);
});

it('a result that was recalled stays while it is with us', async () => {
  const one = await enrolledPhone();
  const said = { area: '10441', ...RESULT, ended: 'recalled' };
  const taken = await one.phone.keepWork('result_delivery', null, { ...said, status: 'taken' });
  const ready = await one.phone.keepWork('result_delivery', null, { ...said, status: 'ready' });
  if (taken.kind !== 'sealed' || ready.kind !== 'sealed') throw new Error('not kept');
  await cover(one, [taken.record, ready.record]);
  await pass(one, 8);

  expect((await one.phone.held()).work.map(({ record }) => record)).toEqual([taken.record]);
});
