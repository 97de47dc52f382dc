import { describe, expect, it } from 'vitest';
import catalogueFile from '../../../server/procedures/catalogue.json';
import vectors from '../../../server/deadlines/vectors.json';
import { readCalendar } from '../../src/procedures/calendar';
import { findProcedure } from '../../src/procedures/catalogue';
import {
  type Reception, fieldsOf, isAtRisk, isPast, prospectOf, sealedPromise,
} from '../../src/procedures/promise';
import { readCatalogue } from '../../src/procedures/reading';

const BIRTH = findProcedure(readCatalogue(catalogueFile), '1.001193');
if (BIRTH === null) throw new Error('the catalogue lacks the birth');

const RECEPTION: Reception = {
  procedure: BIRTH, answers: {}, papers: {}, flags: [],
  calendar: readCalendar(vectors.calendar), role: 'receiving_officer', acknowledgeOnly: false,
};
/** Tuesday 17 November 2026, 14:30 in Vietnam. */
const TUESDAY = Date.UTC(2026, 10, 17, 7, 30);

describe('a promise', () => {
  it('is made by an officer, from the hour and minute of reception', () => {
    const prospect = prospectOf(RECEPTION, TUESDAY);

    expect(fieldsOf(prospect)).toEqual({
      received_at: '2026-11-17T14:30:00+07:00',
      due_at: '2026-11-17T17:00:00+07:00',
      due_rule: 'same_day;1;working_days;15:00',
      calendar_version: vectors.calendar.version,
    });
  });

  it.each([
    ['helper', { role: 'helper' }],
    ['no-calendar', { calendar: null }],
    ['chosen', { acknowledgeOnly: true }],
    ['incomplete', { papers: { birth_declaration: { state: 'missing', count: 0 } } }],
  ] as const)('is not made: %s', (why, changed) => {
    const prospect = prospectOf({ ...RECEPTION, ...changed }, TUESDAY);

    expect(prospect).toEqual({ kind: 'none', why });
    expect(fieldsOf(prospect)).toEqual({});
  });

  it('is not guessed beyond the years of the calendar', () => {
    expect(prospectOf(RECEPTION, Date.UTC(2028, 0, 3, 3))).toEqual({ kind: 'none', why: 'outside-calendar' });
  });

  it('is at risk where the day itself is promised and no network is there (G11)', () => {
    const prospect = prospectOf(RECEPTION, TUESDAY);

    expect(isAtRisk(prospect, false)).toBe(true);
    expect(isAtRisk(prospect, true)).toBe(false);
    expect(isAtRisk(prospectOf(RECEPTION, TUESDAY + 3_600_000), false)).toBe(false);
  });

  it('is read back from the record, and is past after its minute', () => {
    const fields = fieldsOf(prospectOf(RECEPTION, TUESDAY));
    const promise = sealedPromise((field) => fields[field] ?? null);

    expect(promise).toMatchObject({ receivedAt: '2026-11-17T14:30', dueAt: '2026-11-17T17:00' });
    expect(isPast('2026-11-17T17:00', Date.UTC(2026, 10, 17, 10, 0))).toBe(false);
    expect(isPast('2026-11-17T17:00', Date.UTC(2026, 10, 17, 10, 1))).toBe(true);
    expect(sealedPromise(() => 'tomorrow')).toBeNull();
  });
});
