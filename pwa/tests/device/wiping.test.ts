/** Orders of the office to a revoked phone: heeded if they hold, and done whole. */
import { beforeEach, describe, expect, it } from 'vitest';
import { newKeys } from '../../src/device/keys';
import { phoneWith } from '../../src/device/phone';
import { NoAnswer } from '../../src/device/world';
import { indexedStore } from '../../src/store/indexed';
import { openSealing } from '../../src/store/sealing';
import type { Packable } from '../../src/sync/pack';
import { type Enrolled, confirmAll, enrolledPhone, sealOne, startOne } from '../support/enrolled';
import { problem } from '../support/office';
import { newDiskName, newWorld, settled } from '../support/world';

let here: Enrolled;

beforeEach(async () => {
  here = await enrolledPhone();
  await here.phone.exchangeNow();
});

function revoke(order: Packable = null): void {
  for (const device of here.office.devices.values()) device.status = 'revoked';
  here.office.order = order;
}

/** From now on the office takes nothing of this log; the answer mends it. */
function breakLog(): () => void {
  const log = here.office.logs.get(11);
  if (log === undefined) throw new Error('nobody signed in');
  here.office.logs.set(11, { ...log, publicKey: new Uint8Array(65) });
  return () => here.office.logs.set(11, log);
}

async function isClean(): Promise<boolean> {
  const { store } = here.world;
  const left = [
    await store.seats(),
    await store.drafts(),
    await store.records(),
    await store.receipts(),
    await store.unsent(),
    await store.directory(),
    [...(await store.cursors())],
  ];
  return (
    (await store.device()) === null &&
    (await store.reference()) === null &&
    left.every((rows) => rows.length === 0)
  );
}

describe('an order to hand in, and then wipe', () => {
  it('sends everything, wipes, and says so with its last word', async () => {
    const record = await sealOne(here);
    revoke(await here.office.signedOrder(2, 3, 'hand-in'));

    expect(await here.phone.exchangeNow()).toEqual({ kind: 'wiped' });

    expect(here.office.state(record)).not.toBeNull();
    expect(await isClean()).toBe(true);
    expect(here.office.heard.slice(-2)).toMatchObject([
      { device: 2, order: 0, logs: 1 },
      { device: 2, order: 3, logs: 0 },
    ]);
    expect(await here.phone.wiped()).toMatchObject({
      officeName: 'Chi nhánh thử',
      orderedAt: here.office.time,
      changes: 0,
      drafts: 0,
      isDone: true,
    });
    expect(here.world.cleared).toHaveLength(1);
  });

  it('loses nothing while the office cannot take it', async () => {
    const record = await sealOne(here);
    const mend = breakLog();
    revoke(await here.office.signedOrder(2, 3, 'hand-in'));

    const outcome = await here.phone.exchangeNow();

    expect(outcome.kind).toBe('done');
    expect(await here.phone.wiped()).toBeNull();
    expect((await here.phone.outbox()).changes).toBe(1);
    expect(await here.phone.device()).toMatchObject({ status: 'revoked', order: 'hand-in' });
    mend();
    expect(await here.phone.exchangeNow()).toEqual({ kind: 'wiped' });
    expect(here.office.state(record)).not.toBeNull();
  });
});

describe('an order to wipe now', () => {
  it('wipes at once and counts what is lost', async () => {
    await startOne(here.phone);
    await sealOne(here);
    breakLog();
    revoke(await here.office.signedOrder(2, 3, 'now'));

    expect(await here.phone.exchangeNow()).toEqual({ kind: 'wiped' });

    expect(await isClean()).toBe(true);
    expect(await here.phone.wiped()).toMatchObject({ changes: 1, drafts: 1 });
  });

  it('is done though nobody hears the last word', async () => {
    revoke(await here.office.signedOrder(2, 3, 'now'));
    here.office.faults.push(
      (answer) => answer(),
      () => Promise.reject(new NoAnswer(true)),
    );

    expect(await here.phone.exchangeNow()).toEqual({ kind: 'wiped' });
    expect(await here.phone.wiped()).toMatchObject({ isDone: true });
  });
});

describe('an order that does not hold', () => {
  const wrong: Record<string, (here: Enrolled) => Promise<Packable>> = {
    'signed by somebody else': async ({ office }) =>
      await office.signedOrder(2, 3, 'now', await newKeys()),
    'to another device': async ({ office }) => await office.signedOrder(9, 3, 'now'),
    'of a deed that nobody knows': async ({ office }) => await office.signedOrder(2, 3, 'dance'),
    'without a number': async ({ office }) => await office.signedOrder(2, 0, 'now'),
    'only to stop': async ({ office }) => await office.signedOrder(2, 0, 'stop'),
    'that is no order': () =>
      Promise.resolve({ message: Uint8Array.of(1), signature: new Uint8Array(64) }),
  };

  it.each(Object.entries(wrong))('%s changes nothing', async (_, order) => {
    // THREAT-23
    const record = await sealOne(here);
    revoke(await order(here));

    expect((await here.phone.exchangeNow()).kind).toBe('done');
    expect(await here.phone.wiped()).toBeNull();
    expect(await here.phone.dossier(record)).not.toBeNull();
    expect((await here.phone.device())?.order).toBeNull();
  });

  it('is one that is old or replayed', async () => {
    await here.world.store.changeDevice((now) => ({
      ...now,
      order: { number: 7, action: 'hand-in', time: 1 },
    }));
    await sealOne(here);
    breakLog();
    for (const number of [6, 7]) {
      revoke(await here.office.signedOrder(2, number, 'now'));
      await here.phone.exchangeNow();
    }

    expect(await here.phone.wiped()).toBeNull();
    expect((await here.phone.outbox()).changes).toBe(1);
    revoke(await here.office.signedOrder(2, 8, 'now'));
    expect(await here.phone.exchangeNow()).toEqual({ kind: 'wiped' });
  });
});

describe('a wipe', () => {
  it('ends or refuses writes that are under way, and nothing comes back', async () => {
    // FAULT-56
    const { store } = here.world;
    const draft = await startOne(here.phone);
    revoke(await here.office.signedOrder(2, 3, 'now'));
    const writes = Array.from({ length: 20 }, async (_, place) => {
      const answers = { 'answers.child_full_name': `Bé ${place}` };
      return await here.phone.saveDraft(draft, { answers, papers: {}, step: '' });
    });
    const wiping = here.phone.exchangeNow();
    const seals = Array.from({ length: 5 }, async () => {
      return await here.phone.seal(draft, { answers: {}, papers: {}, step: '' });
    });
    const outcomes = (await Promise.all([...writes, ...seals])).map(({ kind }) => kind);
    await wiping;
    const late = await here.phone.saveDraft(draft, { answers: {}, papers: {}, step: '' });

    const known = ['saved', 'sealed', 'store-unavailable', 'not-signed-in', 'unknown-record'];
    expect(outcomes.filter((kind) => !known.includes(kind))).toEqual([]);
    expect(late).toEqual({ kind: 'store-unavailable' });
    expect(await isClean()).toBe(true);
    expect(await store.drafts()).toEqual([]);
  });

  it('that a crash cut off is ended at the next start', async () => {
    const disk = newDiskName();
    const world = { ...newWorld(here.office, disk) };
    const phone = phoneWith(world);
    await phone.enrol('good-code', 'Máy hai');
    confirmAll(here.office);
    const crashed = {
      ...world,
      remains: { clear: () => Promise.reject(new Error('the browser was killed')) },
    };
    await world.store.changeDevice((now) => ({
      ...now,
      order: { number: 1, action: 'now', time: 5 },
    }));
    await expect(phoneWith(crashed).exchangeNow()).rejects.toThrow('killed');
    const cut = await phone.wiped();

    const next = newWorld(here.office, disk);
    await phoneWith(next).endWipe();

    expect(cut?.isDone).toBe(false);
    expect(await phoneWith(next).wiped()).toMatchObject({ isDone: true });
    expect(next.cleared).toHaveLength(1);
    expect(await indexedStore(disk, openSealing).device()).toBeNull();
  });

  it('leaves a phone that joins anew and works', async () => {
    revoke(await here.office.signedOrder(2, 3, 'now'));
    await here.phone.exchangeNow();
    await settled();

    await here.phone.enrol('good-code', 'Máy cũ, người mới');
    confirmAll(here.office);
    await here.phone.signIn('tam', 'luudong-demo');
    const record = await sealOne(here);
    // The old order speaks to a device that is no more.
    here.office.order = await here.office.signedOrder(2, 4, 'now');

    expect(await here.phone.exchangeNow()).toMatchObject({ kind: 'done', received: 1 });
    expect(await here.phone.wiped()).toBeNull();
    expect(await here.phone.dossierTruth(record)).toMatchObject({ place: 'received' });
  });
});

it('says that the app is too old, and goes on sending', async () => {
  // FAULT-42
  here.office.minVersion = '0.2';
  const record = await sealOne(here);
  await here.phone.exchangeNow();

  expect((await here.phone.device())?.isTooOld).toBe(true);
  expect(await here.phone.dossierTruth(record)).toMatchObject({ place: 'received' });
});

it('does not send before the office wants to be asked again, but by the button', async () => {
  const stop = here.phone.start();
  await settled();
  here.office.faults.push(() => Promise.resolve(problem(429, 'too-many-requests', 120)));
  here.world.wake();
  await settled();
  const before = here.office.requests.length;
  const record = await sealOne(here);
  here.world.wake();
  await settled();

  expect(here.office.requests.length).toBe(before);
  expect(here.phone.connection().state).toBe('busy');
  await here.phone.exchangeNow();
  expect(await here.phone.dossierTruth(record)).toMatchObject({ place: 'received' });
  stop();
});
