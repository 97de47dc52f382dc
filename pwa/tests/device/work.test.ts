/** Records that are no dossiers: one change each, through the same log, under their table's bounds. */
import { beforeEach, expect, it } from 'vitest';
import { textOf } from '../../src/shift/work';
import { type Enrolled, enrolledPhone, startOne } from '../support/enrolled';

let here: Enrolled;

beforeEach(async () => {
  here = await enrolledPhone();
});

const STOP = { area: '10441', place: 'Nhà văn hoá', day: '2026-11-22', status: 'open', trip: 'f'.repeat(32) };

async function madeStop(): Promise<string> {
  const outcome = await here.phone.keepWork('stop', null, STOP);
  if (outcome.kind !== 'sealed') throw new Error(outcome.kind);
  return outcome.record;
}

it('makes one, changes it, and tells it apart from dossiers', async () => {
  const stop = await madeStop();
  await here.phone.keepWork('stop', stop, { status: 'closed' });
  const { dossiers, work } = await here.phone.held();

  expect(dossiers).toEqual([]);
  expect(work).toHaveLength(1);
  expect(work[0]?.said).toEqual({ ...STOP, status: 'closed' });
  expect((await here.world.store.unsent()).map(({ seq }) => seq)).toEqual([1, 2]);
  expect(await here.phone.exchangeNow()).toMatchObject({ kind: 'done', received: 2 });
});

it.each([
  ['a field that is not in the table', { colour: 'đỏ' }],
  ['a text over its bound', { place: 'x'.repeat(201) }],
  ['a day that is none', { day: 'hôm nay' }],
])('refuses %s before anything is written', async (_what, fields) => {
  expect(await here.phone.keepWork('stop', null, { ...STOP, ...fields })).toEqual({ kind: 'too-large' });
  expect(await here.world.store.unsent()).toEqual([]);
});

it('does not change what is not on this phone', async () => {
  expect(await here.phone.keepWork('stop', '0'.repeat(32), { status: 'open' })).toEqual({ kind: 'unknown-record' });
});

it('takes a dossier where it was begun, wherever it is sealed, also after a restart', async () => {
  const stop = await madeStop();
  expect(await here.phone.work(stop)).toBeNull();
  expect((await here.phone.device())?.shift).toMatchObject({ stop, trip: STOP.trip });
  const draft = await startOne(here.phone);
  await here.phone.work(null);
  const reopened = await here.phone.draft(draft.id);
  if (reopened === null) throw new Error('the draft is gone');
  const sealed = await here.phone.seal(reopened, { answers: { 'answers.a': 'x' }, papers: {}, step: '' });
  const fields = (await here.phone.dossiers())[0]?.fields;

  expect(sealed.kind).toBe('sealed');
  expect([fields?.get('stop')?.head.value, fields?.get('trip')?.head.value]).toEqual([stop, STOP.trip]);
  expect((await here.phone.device())?.shift).toBeNull();
});

it('begins no shift at a stop that is not on this phone', async () => {
  expect(await here.phone.work('0'.repeat(32))).toEqual({ kind: 'unknown-record' });
});

it('says who made it', async () => {
  await madeStop();
  const [stop] = (await here.phone.held()).work;

  expect(stop?.authors.get('place')).toMatchObject({ onThisPhone: true });
  expect(stop === undefined ? '' : textOf(stop, 'place')).toBe('Nhà văn hoá');
});
