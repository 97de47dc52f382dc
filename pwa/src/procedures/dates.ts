/**
 * Dates as people know them: a day, or only the month, or only the year.
 *
 * Kept as `YYYY-MM-DD`, `YYYY-MM` or `YYYY`. What is not yet a date is kept as it was typed, with
 * slashes between the three boxes (`5//`), so that no answer is lost half-way.
 */
export interface DateBoxes {
  readonly day: string;
  readonly month: string;
  readonly year: string;
}

const KNOWN = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/u;
const FIRST_YEAR = 1850;

export function boxesOf(value: unknown): DateBoxes {
  if (typeof value !== 'string') return { day: '', month: '', year: '' };
  const known = KNOWN.exec(value);
  if (known) return { day: known[3] ?? '', month: known[2] ?? '', year: known[1] ?? '' };
  const [day = '', month = '', year = ''] = value.split('/');
  return { day, month, year };
}

/** The date that three boxes say; what was typed where they say none; null if all are empty. */
export function dateOf(boxes: DateBoxes): string | null {
  const day = boxes.day.trim();
  const month = boxes.month.trim();
  const year = boxes.year.trim();
  if (day === '' && month === '' && year === '') return null;
  const typed = `${day}/${month}/${year}`;
  if (!/^\d{4}$/u.test(year)) return typed;
  if (month === '') return day === '' ? year : typed;
  if (!/^\d{1,2}$/u.test(month) || Number(month) < 1 || Number(month) > 12) return typed;
  const yearMonth = `${year}-${month.padStart(2, '0')}`;
  if (day === '') return yearMonth;
  if (!/^\d{1,2}$/u.test(day)) return typed;
  const whole = Number(day);
  if (whole < 1 || whole > daysIn(Number(year), Number(month))) return typed;
  return `${yearMonth}-${day.padStart(2, '0')}`;
}

export type DateFlaw = 'not-a-date' | 'incomplete-date' | 'year-too-early';

export function flawOf(value: string, partial: boolean): DateFlaw | null {
  const known = KNOWN.exec(value);
  if (known === null) {
    const boxes = boxesOf(value);
    const isShort = boxes.day === '' || boxes.month === '' || boxes.year === '';
    return isShort ? 'incomplete-date' : 'not-a-date';
  }
  const [, year, month, day] = known;
  if (Number(year) < FIRST_YEAR) return 'year-too-early';
  if (month !== undefined && (Number(month) < 1 || Number(month) > 12)) return 'not-a-date';
  if (day !== undefined && (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month)))) {
    return 'not-a-date';
  }
  return partial || day !== undefined ? null : 'incomplete-date';
}

/** Whether a date, as far as it is known, lies after a whole day. */
export function isAfter(value: string, day: string): boolean {
  return value > day.slice(0, value.length);
}

export function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
