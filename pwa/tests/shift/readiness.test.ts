/** The check before leaving (A11) and the guard of the phone's storage (A12). */
import { describe, expect, it } from 'vitest';
import { mayBegin, readinessOf, type Facts } from '../../src/shift/readiness';

const DAY = 86_400_000;
const READY: Facts = {
  now: 100 * DAY, isSignedIn: true, hasStop: true, hasForms: true, hasApp: true, photos: 4_000, isKept: true,
  lastExchangeAt: 100 * DAY - 1_000, skewMs: 0, hasWrongDate: false, unsent: 0,
};

describe('a phone that leaves', () => {
  it('is ready for as many days as its forms are good', () => {
    expect(readinessOf(READY)).toMatchObject({ todo: 0, days: 14 });
    expect(readinessOf({ ...READY, lastExchangeAt: 95 * DAY }).days).toBe(9);
  });

  it.each([
    ['person', { isSignedIn: false }], ['forms', { hasForms: false }], ['offline', { hasApp: false }],
    ['room', { photos: 100 }], ['exchange', { lastExchangeAt: 80 * DAY }], ['exchange', { lastExchangeAt: 0 }],
  ])('is not while there is something to do about %s', (name, facts) => {
    const { checks, todo, days } = readinessOf({ ...READY, ...facts });

    expect(checks.find((check) => check.name === name)?.answer).toBe('todo');
    expect({ todo, days }).toEqual({ todo: 1, days: 0 });
  });

  it.each([
    ['a clock that is wrong', 'clock', { skewMs: -6 * 60_000 }],
    ['a date that cannot be (FAULT-31)', 'clock', { hasWrongDate: true }],
    ['a browser that promised to keep nothing (FAULT-11)', 'kept', { isKept: false }],
  ])(
    'is told of %s, and may go all the same', (_, name, facts) => {
      const { checks, todo, days } = readinessOf({ ...READY, ...facts });

      expect(checks.find((check) => check.name === name)?.answer).toBe('todo');
      expect({ todo, days }).toEqual({ todo: 1, days: 14 });
    });

  it('is not held up by what a browser does not say', () => {
    expect(readinessOf({ ...READY, photos: null, isKept: null, hasApp: null })).toMatchObject({ todo: 0, days: 14 });
  });
});

describe('a new dossier', () => {
  it('is refused where it could not be saved, and never for want of an answer', () => {
    expect([null, 0, 11, 12, 4_000].map(mayBegin)).toEqual([true, false, false, true, true]);
  });
});
