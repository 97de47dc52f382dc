/** What people say at a stop (A15): surveys without a name, petitions with a number and a day. */
import { describe, expect, it } from 'vitest';
import { dueOn, isWeekday, nextPetition } from '../../src/shift/petitions';
import { surveyOf } from '../../src/shift/survey';
import { fits } from '../../src/sync/kinds';
import { work } from './making';

const STOP = { record: 'a'.repeat(32), area: '10441' };

describe('a survey', () => {
  it('names the stop and the day, and nobody', () => {
    const said = surveyOf(STOP, '2026-11-22', { overall: 5, clarity: 3 });

    expect(said).toEqual({ area: '10441', stop: STOP.record, day: '2026-11-22', overall: 5, clarity: 3 });
    expect(Object.entries(said ?? {}).every(([field, value]) => fits('satisfaction_survey', field, value))).toBe(true);
  });

  it('is none where nothing was answered', () => {
    expect(surveyOf(STOP, '2026-11-22', {})).toBeNull();
  });
});

describe('a petition', () => {
  it('has a number of its seat and day', () => {
    const all = ['PA-C-261122-1', 'PA-C-261122-7', 'PA-D-261122-9', 'PA-C-261121-30'].map((number) => work('petition', { number }));

    expect(nextPetition(all, 3, '2026-11-22')).toBe('PA-C-261122-8');
    expect(nextPetition(all, 5, '2026-11-22')).toBe('PA-E-261122-1');
  });

  it('is answered within ten working days, that of taking not counted', () => {
    const friday = Date.UTC(2026, 10, 20, 3);

    expect(dueOn(friday, isWeekday)).toBe('2026-12-04');
    expect(dueOn(friday, (day) => isWeekday(day) && day !== '2026-12-04')).toBe('2026-12-07');
    expect(dueOn(friday, () => false) > '2026-12-04').toBe(true);
  });
});
