/** FAULT-31: why there is no way to the office, as far as it can be known, and what the date has to do with it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { released } from '../../package.json';
import { knownMoment, wrongDateOf } from '../../src/device/phone_date';
import { phoneWith } from '../../src/device/phone';
import { NoAnswer } from '../../src/device/world';
import { type Enrolled, enrolledPhone, sealOne } from '../support/enrolled';
import { newWorld } from '../support/world';

const DAY = 86_400_000;
const KNOWN = Date.UTC(2026, 10, 22);
const failed = (): Promise<never> => Promise.reject(new NoAnswer(false, true));

describe('a date', () => {
  it.each([
    ['years behind what is known', -3 * 365 * DAY, 'behind'],
    ['an hour and a little behind', -3_600_001, 'behind'],
    ['a few minutes behind', -600_000, undefined],
    ['months later: a phone that lay in a drawer', 200 * DAY, undefined],
    ['beyond the life of any certificate', 399 * DAY, 'ahead'],
  ])('that is %s', (_, off, side) => {
    expect(wrongDateOf(KNOWN + off, KNOWN)?.side).toBe(side);
  });

  it('is held to the newest moment that surely was', () => {
    expect(knownMoment(KNOWN, 0)).toBe(KNOWN);
    expect(knownMoment(KNOWN, KNOWN + DAY)).toBe(KNOWN + DAY);
  });

  it('of this version of the app is one that has been', () => {
    expect(Date.parse(released)).toBeLessThanOrEqual(Date.now());
    expect(new Date(released).toISOString().slice(0, 10)).toBe(released);
  });
});

describe('a phone with a network that does not reach the office', () => {
  let here: Enrolled;

  beforeEach(async () => {
    here = await enrolledPhone();
    await here.phone.exchangeNow();
    here.office.faults.push(failed);
  });

  it('says so, where its date can be', async () => {
    const record = await sealOne(here);

    expect(await here.phone.exchangeNow()).toEqual({ kind: 'unreachable' });
    expect(here.phone.connection().state).toBe('unreachable');
    expect(await here.phone.dossierTruth(record)).toEqual({ place: 'saved' });
  });

  it('names its date, where that lies before what the office signed last', async () => {
    const record = await sealOne(here);
    const { lastExchangeAt } = here.phone.connection();
    here.world.turnClock(-3 * 365 * DAY);
    const date = { side: 'behind', shows: here.world.clock.now(), known: lastExchangeAt };

    expect(await here.phone.exchangeNow()).toEqual({ kind: 'wrong-date', date });
    expect(here.phone.connection().state).toBe('wrong-date');
    expect(await here.phone.dossierTruth(record)).toEqual({ place: 'saved' });
    // Set right, the next try goes through.
    here.world.turnClock(3 * 365 * DAY);
    expect(await here.phone.exchangeNow()).toMatchObject({ kind: 'done', received: 1 });
  });

  it('does not believe its own changes, which a clock that ran ahead has dated', async () => {
    here.world.turnClock(10 * 365 * DAY);
    await sealOne(here);
    here.world.turnClock(-10 * 365 * DAY);

    expect(await here.phone.exchangeNow()).toEqual({ kind: 'unreachable' });
  });

  it('does not look at the date where there is no network at all', async () => {
    here.office.faults.splice(0, 1, () => Promise.reject(new NoAnswer(false)));
    here.world.turnClock(-3 * 365 * DAY);

    expect(await here.phone.exchangeNow()).toEqual({ kind: 'offline' });
  });
});

it('a phone that has not joined yet holds its date to the day of the app', async () => {
  const world = newWorld({ ask: failed });
  const phone = phoneWith(world);
  world.turnClock(-365 * DAY);

  expect(await phone.enrol('ABCD', 'Máy 1')).toMatchObject({
    kind: 'wrong-date',
    date: { side: 'behind', known: world.released },
  });
});
