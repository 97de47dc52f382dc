/** A phone joins an office, and people sign in on it. */
import { beforeEach, expect, it } from 'vitest';
import { phoneWith } from '../../src/device/phone';
import type { Phone } from '../../src/device/port';
import { fingerprintWords } from '../../src/sync/fingerprint';
import { confirmAll, sealOne } from '../support/enrolled';
import { FakeOffice, problem } from '../support/office';
import { type TestWorld, newWorld } from '../support/world';

let office: FakeOffice;
let world: TestWorld;
let phone: Phone;

beforeEach(async () => {
  office = await FakeOffice.open();
  world = newWorld(office);
  phone = phoneWith(world);
});

it('shows six words made from both keys, and gets nothing before they are confirmed', async () => {
  const outcome = await phone.enrol(' good-code ', 'Máy tính bảng 1');
  const device = await world.store.device();

  expect(outcome).toMatchObject({ kind: 'enrolled', device: 2, officeName: 'Chi nhánh thử' });
  expect(device?.words).toEqual(
    fingerprintWords(device?.officeKey ?? no(), device?.publicKey ?? no()),
  );
  expect(await phone.pollConfirmation()).toEqual({ kind: 'pending' });
  confirmAll(office);
  expect(await phone.pollConfirmation()).toEqual({ kind: 'confirmed' });
  expect((await phone.device())?.status).toBe('confirmed');
});

it.each([
  ['refused', 'refused-by-desk'],
  ['revoked', 'revoked'],
])('learns that the desk has %s it', async (status, kind) => {
  await phone.enrol('good-code', 'Máy 1');
  for (const device of office.devices.values()) device.status = status;

  expect(await phone.pollConfirmation()).toEqual({ kind });
  expect((await phone.device())?.status).toBe(status);
});

it('says why a code is not taken, and stays nobody', async () => {
  expect(await phone.enrol('bad-code', 'Máy 1')).toMatchObject({
    kind: 'refused',
    code: 'unknown-code',
  });
  expect(await phone.device()).toBeNull();
  expect(await phone.pollConfirmation()).toEqual({ kind: 'not-enrolled' });
});

it('does not believe an enrolment that was bent on the way', async () => {
  office.faults.push(async (answer) => {
    const whole = await answer();
    const body = whole.body.slice();
    body[90] = (body[90] ?? 0) ^ 1;
    return { ...whole, body };
  });
  const { kind } = await phone.enrol('good-code', 'Máy 1');

  expect(['untrusted', 'offline']).toContain(kind);
  expect(await phone.device()).toBeNull();
});

it('signs a person in once, with a log of their own', async () => {
  await phone.enrol('good-code', 'Máy 1');
  confirmAll(office);

  expect(await phone.signIn('tam', 'wrong')).toMatchObject({
    kind: 'refused',
    code: 'wrong-secret',
  });
  expect(await phone.signIn('tam', 'luudong-demo')).toMatchObject({ kind: 'signed-in', seat: 11 });
  expect(await phone.seats()).toMatchObject([{ seat: 11, atWork: true, areas: ['10441'] }]);
  expect((await world.store.seats())[0]?.keys?.privateKey.extractable).toBe(false);
});

it('passes on how long to wait after too many failures', async () => {
  await phone.enrol('good-code', 'Máy 1');
  office.faults.push(() => Promise.resolve(problem(429, 'too-many-requests', 900)));

  expect(await phone.signIn('tam', 'x')).toEqual({
    kind: 'refused',
    code: 'too-many-requests',
    retryAfterSeconds: 900,
  });
});

it('changes hands between people who have signed in', async () => {
  await phone.enrol('good-code', 'Máy 1');
  confirmAll(office);
  await phone.signIn('tam', 'luudong-demo');
  await phone.signIn('an', 'luudong-demo');
  await phone.workAs(11);

  expect((await phone.seats()).map(({ person, atWork }) => [person.staff, atWork])).toEqual([
    ['tam', true],
    ['an', false],
  ]);
  await phone.workAs(null);
  const start = { procedure: '1.001193', catalogueVersion: '2026-11', area: '10441' };
  expect(await phone.startDraft(start)).toEqual({ kind: 'not-signed-in' });
});

it('that joins anew keeps what it owes, and says that it needs attention', async () => {
  await phone.enrol('good-code', 'Máy 1');
  confirmAll(office);
  await phone.signIn('tam', 'luudong-demo');
  const record = await sealOne({ phone, world });
  await phone.enrol('good-code', 'Máy 1');
  confirmAll(office);
  await phone.signIn('tam', 'luudong-demo');
  await phone.exchangeNow();

  expect(await phone.seats()).toMatchObject([{ seat: 12 }]);
  expect(await phone.dossierTruth(record)).toEqual({ place: 'attention', why: 'log-refused' });
  expect(await phone.outbox()).toMatchObject({ changes: 1, records: [record] });
});

it('shows a person who signed in again once', async () => {
  await phone.enrol('good-code', 'Máy 1');
  confirmAll(office);
  await phone.signIn('tam', 'luudong-demo');
  await phone.signIn('tam', 'luudong-demo');

  expect(await phone.seats()).toMatchObject([{ seat: 12, atWork: true }]);
});

it('keeps reference data only when the office signed it, and asks by etag', async () => {
  await phone.enrol('good-code', 'Máy 1');
  office.faults.push(async (answer) => ({
    ...(await answer()),
    body: (await answer()).body.slice(0, -9),
  }));

  expect((await phone.fetchReference()).kind).toBe('offline');
  expect(await phone.reference()).toBeNull();
  expect(await phone.fetchReference()).toEqual({ kind: 'fetched' });
  expect(await phone.reference()).toMatchObject({ version: '1', areas: [] });
  expect(await phone.fetchReference()).toEqual({ kind: 'current' });
});

function no(): never {
  throw new Error('no device');
}
