/** The office wants a newer app (FAULT-42, UX-62): no new data and no new codes; taking and handing in go on. */
import { expect, it } from 'vitest';
import { phoneWith } from '../../src/device/phone';
import { codeKind } from '../../src/sync/codes';
import { type Enrolled, enrolledPhone, joinOffice, sealOne } from '../support/enrolled';

const NAME = 'answers.child_full_name';

async function sealedCode(here: Enrolled, name: string): Promise<string> {
  return (await here.phone.dossier(await sealOne(here, { [NAME]: name })))?.code?.text ?? '';
}

function lease(number: number, first: number) {
  const days = { from_day: '2026-11-22', to_day: '2026-12-05' };
  return { lease: number, seat: 11, first, last: first, ...days, agency: 'H26.118.05' };
}

it('takes and hands in as ever, with the codes that it has, and is told so; an update brings the rest', async () => {
  const here = await enrolledPhone();
  const { office, world, phone } = here;
  office.leases = [lease(4, 2001)];
  await phone.exchangeNow();
  office.minVersion = '1.2';
  office.leases = [lease(5, 2101)];
  await phone.exchangeNow();
  const other = await joinOffice(office, 'binh');
  const others = await sealOne(other);
  await other.phone.exchangeNow();

  expect((await phone.device())?.isTooOld).toBe(true);
  expect(await sealedCode(here, 'Bùi Thị Một')).toBe('H26.118.05-261122-2001');
  expect(codeKind(await sealedCode(here, 'Bùi Thị Hai'))).toBe('provisional');
  expect(await phone.exchangeNow()).toMatchObject({ kind: 'done', received: 2 });
  expect((await phone.outbox()).changes).toBe(0);
  expect(await phone.dossier(others)).toBeNull();

  const updated = phoneWith({ ...world, appVersion: '1.2' });
  expect((await updated.device())?.isTooOld).toBe(false);
  await updated.exchangeNow();
  expect(await updated.dossier(others)).not.toBeNull();
  expect((await updated.seats())[0]?.codes?.left).toBe(1);
});
