/** The sender: when it tries, how long it rests, when it is still. */
import { beforeEach, expect, it } from 'vitest';
import { phoneWith } from '../../src/device/phone';
import { NoAnswer } from '../../src/device/world';
import { type Enrolled, enrolledPhone, sealOne } from '../support/enrolled';
import { problem } from '../support/office';
import { settled } from '../support/world';

let here: Enrolled;

beforeEach(async () => {
  here = await enrolledPhone();
});

// FAULT-60, UX-63
it('sends on open, after sealing, and when it wakes', async () => {
  const stop = here.phone.start();
  await settled();
  const onOpen = exchanges();
  const record = await sealOne(here);
  await settled();

  expect(onOpen).toBe(1);
  expect(await here.phone.dossierTruth(record)).toMatchObject({ place: 'received' });
  expect(here.phone.connection()).toMatchObject({ state: 'online', sending: false });
  const before = exchanges();
  here.world.wake();
  await settled();
  expect(exchanges()).toBe(before + 1);
  stop();
});

it('rests longer after each failure, and tries at once when it wakes', async () => {
  const stop = here.phone.start();
  await settled();
  const down = (): Promise<never> => Promise.reject(new NoAnswer(false));
  for (let failures = 0; failures < 5; failures++) here.office.faults.push(down);
  here.world.wake();
  await settled();
  const pauses: number[] = [];
  for (let failures = 0; failures < 3; failures++) {
    const pause = (here.phone.connection().nextTryAt ?? 0) - here.world.clock.now();
    pauses.push(pause);
    await here.world.passTime(pause);
  }

  expect(here.phone.connection().state).toBe('offline');
  expect(pauses[1]).toBeGreaterThan((pauses[0] ?? 0) * 1.2);
  expect(pauses[2]).toBeGreaterThan((pauses[1] ?? 0) * 1.2);
  here.office.faults.splice(0);
  here.world.wake();
  await settled();
  expect(here.phone.connection().state).toBe('online');
  stop();
});

it('asks nobody to sign in because a request was spoiled on its way', async () => {
  for (const refusal of [problem(400, 'malformed'), problem(401, 'bad-signature')]) {
    here.office.faults.push(() => Promise.resolve(refusal));
    await here.phone.exchangeNow();

    expect(here.phone.connection().state).toBe('server-error');
  }
});

it.each([
  [503, 'busy'],
  [429, 'too-many-requests'],
])('waits as long as the office asks for (%i), and loses nothing', async (status, code) => {
  const stop = here.phone.start();
  await settled();
  here.office.faults.push(() => Promise.resolve(problem(status, code, 120)));
  const record = await sealOne(here);
  await settled();
  const pause = (here.phone.connection().nextTryAt ?? 0) - here.world.clock.now();

  expect(here.phone.connection().state).toBe('busy');
  expect(pause).toBeGreaterThanOrEqual(120_000);
  expect(pause).toBeLessThanOrEqual(180_000);
  expect(await here.phone.dossierTruth(record)).toEqual({ place: 'saved' });
  const before = exchanges();
  here.world.wake();
  await settled();
  expect(exchanges()).toBe(before);
  await here.world.passTime(pause);
  await settled();
  expect(await here.phone.dossierTruth(record)).toMatchObject({ place: 'received' });
  stop();
});

// UX-36
it('tries nothing while the person works without network, but by the button', async () => {
  await here.phone.workOffline(true);
  const stop = here.phone.start();
  const record = await sealOne(here);
  await settled();

  expect(exchanges()).toBe(0);
  expect(here.phone.connection().state).toBe('paused');
  expect(await here.phone.dossierTruth(record)).toEqual({ place: 'saved' });
  await here.phone.exchangeNow();
  expect(await here.phone.dossierTruth(record)).toMatchObject({ place: 'received' });
  await here.phone.workOffline(false);
  await settled();
  expect(here.phone.connection().state).toBe('online');
  stop();
});

// FAULT-13
it('leaves sending to the tab that is at it', async () => {
  const world = {
    ...here.world,
    tabs: { ...here.world.tabs, alone: () => Promise.resolve('busy' as const) },
  };
  const other = phoneWith(world);

  expect(await other.exchangeNow()).toEqual({ kind: 'elsewhere' });
  expect(exchanges()).toBe(0);
});

it('says "sending" only while an exchange is under way', async () => {
  const record = await sealOne(here);
  let during: unknown = null;
  here.office.faults.push(async (answer) => {
    during = await here.phone.dossierTruth(record);
    return await answer();
  });
  await here.phone.exchangeNow();

  expect(during).toEqual({ place: 'sending' });
  expect(here.phone.connection().sending).toBe(false);
});

it('asks to sign in when nobody is at work', async () => {
  await here.phone.workAs(null);
  await here.phone.exchangeNow();

  expect(here.phone.connection().state).toBe('sign-in');
});

it('fetches the reference data when the office names another', async () => {
  await here.phone.exchangeNow();

  expect(await here.phone.reference()).toMatchObject({ version: '1' });
  const count = here.office.requests.length;
  await here.phone.exchangeNow();
  expect(here.office.requests.length).toBe(count + 1);
});

it('tells the other tabs what it kept, not how it is connected', async () => {
  await sealOne(here);
  await here.phone.exchangeNow();

  expect(here.world.told).toContain('records');
  expect(here.world.told).toContain('receipts');
  expect(here.world.told).not.toContain('connection');
});

function exchanges(): number {
  return here.office.requests.filter(({ path }) => path === '/sync/exchange').length;
}
