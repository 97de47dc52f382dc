/** Work that somebody else carries: sealed at lock, in a rescue file, and on its way. */
import { expect, it } from 'vitest';
import { concat } from '../../src/sync/bytes';
import type { ExportScope } from '../../src/device/outcomes';
import {
  type Enrolled,
  confirmAll,
  enrolledPhone,
  joinOffice,
  sealOne,
} from '../support/enrolled';
import { FakeOffice, lostOnTheWayBack } from '../support/office';

const NAME = 'answers.child_full_name';

async function fileOf(one: Enrolled, scope: ExportScope = 'unsent'): Promise<Uint8Array<ArrayBuffer>> {
  const outcome = await one.phone.exportFile(scope, () => undefined);
  if (outcome.kind !== 'exported') throw new Error(outcome.kind);
  return concat(...outcome.parts);
}

/** A phone with work and no network, and another at the same office. */
async function lostAndCarrier(): Promise<{ readonly lost: Enrolled; readonly carrier: Enrolled }> {
  const office = await FakeOffice.open();
  const lost = await joinOffice(office, 'tam');
  const carrier = await joinOffice(office, 'an');
  await lost.phone.fetchReference();
  await carrier.phone.fetchReference();
  return { lost, carrier };
}

it('exports without a network, and another phone brings it to the office', async () => {
  const { lost, carrier } = await lostAndCarrier();
  const record = await sealOne(lost, { [NAME]: 'Bé An' });
  await lost.phone.revise(record, { [NAME]: 'Bé Ân' }, 'sai tên');
  const asked = lost.office.requests.length;
  const steps: [number, number][] = [];
  const outcome = await lost.phone.exportFile('unsent', (...step) => steps.push(step));
  expect(lost.office.requests).toHaveLength(asked);
  if (outcome.kind !== 'exported') throw new Error(outcome.kind);
  expect([outcome.changes, outcome.carried]).toEqual([2, 0]);
  expect(steps).toEqual([
    [0, 2],
    [2, 2],
  ]);

  const imported = await carrier.phone.importFile(concat(...outcome.parts));
  expect(imported).toMatchObject({ kind: 'imported', added: 1, known: 0, isWhole: true });
  await carrier.phone.exchangeNow();

  expect(carrier.office.shownIn(record, NAME)).toBe('Bé Ân');
  expect((await carrier.phone.carried())[0]?.heldAt).toBe(carrier.office.time);
  await lost.phone.exchangeNow();
  expect((await lost.phone.outbox()).changes).toBe(0);
});

it('says nothing of the citizen to the carrier', async () => {
  const { lost, carrier } = await lostAndCarrier();
  await sealOne(lost, { [NAME]: 'Nguyễn Thị Bí Mật' });
  const file = await fileOf(lost);
  await carrier.phone.importFile(file);

  expect(new TextDecoder().decode(file)).not.toContain('Bí Mật');
  expect(await carrier.phone.dossiers()).toEqual([]);
});

it('exports what is unsent, or all that no backup covers', async () => {
  const { lost } = await lostAndCarrier();
  await sealOne(lost);
  await lost.phone.exchangeNow();
  expect((await lost.phone.exportFile('unsent', () => undefined)).kind).toBe('nothing');
  expect(await lost.phone.exportFile('unsafe', () => undefined)).toMatchObject({ changes: 1 });

  lost.office.safe.set((await lost.world.store.device())?.seat ?? 0, 1);
  await lost.phone.exchangeNow();
  expect((await lost.phone.exportFile('unsafe', () => undefined)).kind).toBe('nothing');
});

it('takes a file over once, and only for its own office', async () => {
  const { lost, carrier } = await lostAndCarrier();
  await sealOne(lost);
  const file = await fileOf(lost);
  await carrier.phone.importFile(file);

  expect(await carrier.phone.importFile(file)).toMatchObject({ added: 0, known: 1 });
  expect((await carrier.phone.importFile(new Uint8Array(40))).kind).toBe('no-rescue-file');
  const cut = await carrier.phone.importFile(file.slice(0, -3));
  expect(cut).toMatchObject({ kind: 'imported', added: 0, isWhole: false });
});

it('carries on what it was given when it exports itself', async () => {
  const { lost, carrier } = await lostAndCarrier();
  const record = await sealOne(lost, { [NAME]: 'Bé An' });
  await carrier.phone.importFile(await fileOf(lost));
  const third = await joinOffice(lost.office, 'binh');
  await third.phone.importFile(await fileOf(carrier));
  await third.phone.exchangeNow();

  expect(lost.office.shownIn(record, NAME)).toBe('Bé An');
});

it('keeps what the office cannot take, and says why; tries again what may come right', async () => {
  const { lost, carrier } = await lostAndCarrier();
  const record = await sealOne(lost, { [NAME]: 'Bé An' });
  await carrier.phone.importFile(await fileOf(lost));
  carrier.office.bundleCodes.push('gap');
  await carrier.phone.exchangeNow();
  expect((await carrier.phone.carried())[0]).toMatchObject({ code: 'gap', heldAt: null });

  await carrier.phone.exchangeNow();
  expect(carrier.office.shownIn(record, NAME)).toBe('Bé An');
  expect((await carrier.phone.carried())[0]?.code).toBe('');
});

it('does not send again what can never be opened, until people look', async () => {
  const { lost, carrier } = await lostAndCarrier();
  await sealOne(lost);
  await carrier.phone.importFile(await fileOf(lost));
  carrier.office.bundleCodes.push('broken-seal', 'broken-seal');
  await carrier.phone.exchangeNow();
  await carrier.phone.exchangeNow();

  expect(carrier.office.bundleCodes).toEqual(['broken-seal']);
  const [kept] = await carrier.phone.carried();
  expect(kept?.code).toBe('broken-seal');
  await carrier.phone.dropCarried(kept?.digest ?? '');
  expect(await carrier.phone.carried()).toEqual([]);
});

it('brings it again when the answer was lost, and when the office lives anew', async () => {
  const { lost, carrier } = await lostAndCarrier();
  const record = await sealOne(lost, { [NAME]: 'Bé An' });
  await carrier.phone.importFile(await fileOf(lost));
  carrier.office.faults.push(lostOnTheWayBack);
  await carrier.phone.exchangeNow();
  expect((await carrier.phone.carried())[0]?.heldAt).toBeNull();
  await carrier.phone.exchangeNow();

  for (const log of carrier.office.logs.values()) log.changes.length = 0;
  carrier.office.epoch = 2;
  await carrier.phone.exchangeNow();
  await carrier.phone.exchangeNow();
  expect(carrier.office.shownIn(record, NAME)).toBe('Bé An');
});

it('lets go of what was held long enough for a backup', async () => {
  const { lost, carrier } = await lostAndCarrier();
  await sealOne(lost);
  await carrier.phone.importFile(await fileOf(lost));
  await carrier.phone.exchangeNow();
  expect(await carrier.phone.carried()).toHaveLength(1);
  carrier.office.time += 15 * 24 * 60 * 60 * 1000;
  await carrier.phone.exchangeNow();

  expect(await carrier.phone.carried()).toEqual([]);
});

it('seals what a person owes, once, so that the next exchange brings it without their key', async () => {
  const { lost } = await lostAndCarrier();
  const record = await sealOne(lost, { [NAME]: 'Bé An' });
  const seat = (await lost.world.store.device())?.seat ?? 0;
  expect(await lost.phone.sealUnsent(seat)).toEqual({ kind: 'sealed', changes: 1 });
  expect(await lost.phone.sealUnsent(seat)).toEqual({ kind: 'sealed', changes: 0 });
  await lost.phone.revise(record, { [NAME]: 'Bé Ân' }, 'sai tên');
  expect(await lost.phone.sealUnsent(seat)).toEqual({ kind: 'sealed', changes: 1 });
  expect(await lost.world.store.bundles.all()).toHaveLength(2);
  await lost.phone.workAs(null);
  await lost.phone.exchangeNow();

  expect(lost.office.shownIn(record, NAME)).toBe('Bé Ân');
  expect((await lost.phone.outbox()).changes).toBe(0);
  expect(await lost.phone.carried()).toEqual([]);
});

it('drops its own bundle when a backup covers what is in it', async () => {
  const { lost } = await lostAndCarrier();
  await sealOne(lost);
  const seat = (await lost.world.store.device())?.seat ?? 0;
  await lost.phone.sealUnsent(seat);
  await lost.phone.exchangeNow();
  expect(await lost.world.store.bundles.all()).toHaveLength(1);
  lost.office.safe.set(seat, 1);
  await lost.phone.exchangeNow();
  await lost.phone.exchangeNow();

  expect(await lost.world.store.bundles.all()).toEqual([]);
});

it('sends its log openly where the office cannot open what was sealed', async () => {
  const { lost } = await lostAndCarrier();
  const record = await sealOne(lost, { [NAME]: 'Bé An' });
  await lost.phone.sealUnsent((await lost.world.store.device())?.seat ?? 0);
  lost.office.bundleCodes.push('unknown-key');
  await lost.phone.exchangeNow();
  await lost.phone.exchangeNow();

  expect(await lost.world.store.bundles.all()).toEqual([]);
  expect(lost.office.shownIn(record, NAME)).toBe('Bé An');
});

it('needs the office once, for its key', async () => {
  const lost = await enrolledPhone();
  await sealOne(lost);

  expect((await lost.phone.exportFile('unsent', () => undefined)).kind).toBe('no-key');
  confirmAll(lost.office);
  await lost.phone.fetchReference();
  expect((await lost.phone.exportFile('unsent', () => undefined)).kind).toBe('exported');
});
