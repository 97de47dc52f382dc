import { describe, expect, it } from 'vitest';
import {
  dayOf, weekdayOf, writeDate, writeMoment, writeMoney, writeNumber, writePersonalId, writePhone, writeTime,
} from '../../src/procedures/format';

const NOON_UTC = Date.UTC(2026, 10, 22, 12, 0, 0);

// UX-83, UX-84
describe('Vietnamese ways of writing', () => {
  it('numbers and money', () => {
    expect(writeNumber(8525)).toBe('8.525');
    expect(writeNumber('1250.75')).toBe('1.250,75');
    expect(writeMoney(25000)).toBe('25.000 ₫');
  });

  it('dates with two figures, as far as they are known', () => {
    expect(writeDate('2026-11-05')).toBe('05/11/2026');
    expect(writeDate('1952-07')).toBe('07/1952');
    expect(writeDate('1952')).toBe('1952');
  });

  it('times of Vietnam, whatever the phone believes', () => {
    expect(writeTime(NOON_UTC)).toBe('19:00');
    expect(dayOf(NOON_UTC)).toBe('2026-11-22');
    expect(dayOf(Date.UTC(2026, 10, 22, 17, 0))).toBe('2026-11-23');
    expect(weekdayOf(NOON_UTC)).toBe(0);
    expect(writeMoment(NOON_UTC, NOON_UTC)).toBe('19:00');
    expect(writeMoment(NOON_UTC, NOON_UTC + 86_400_000)).toBe('19:00, 22/11/2026');
  });

  it('every day of four years like the calendar does', () => {
    for (let day = 0; day < 1500; day += 1) {
      const ms = Date.UTC(2023, 11, 1) + day * 86_400_000;
      expect(dayOf(ms)).toBe(new Date(ms).toISOString().slice(0, 10));
    }
  });

  it('numbers of people and phones in groups', () => {
    expect(writePersonalId('001190000123')).toBe('001 190 000 123');
    expect(writePhone('0912345678')).toBe('0912 345 678');
    expect(writePhone('02438251234')).toBe('024 3825 1234');
  });
});
