/** Feedback and petitions at a stop (A15): each with a number and a day by which it is answered. */
import { daysOf, weekdayOfDays } from '../procedures/civil_days';
import { dayOf } from '../procedures/format';
import { lettersOf } from './tickets';
import { type Work, ofKind, textOf } from './work';

/** A provincial regulation's clock for petitions; the branch may answer earlier. */
const WORKING_DAYS = 10;
const DAY_MS = 86_400_000;

export const SUBJECTS = ['feedback', 'petition', 'praise'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** A petition that nobody has begun to write down. */
export const EMPTY_PETITION = { subject: 'feedback', words: '', person: '', phone: '' };

/** PA-C-261122-1: of one seat and day, so that no network is needed and no two are the same. */
export function nextPetition(all: readonly Work[], seat: number, day: string): string {
  const start = `PA-${lettersOf(seat)}-${day.slice(2).replaceAll('-', '')}-`;
  const given = ofKind(all, 'petition')
    .map((work) => textOf(work, 'number'))
    .filter((number) => number.startsWith(start))
    .map((number) => Number(number.slice(start.length)))
    .filter((number) => Number.isInteger(number));
  return `${start}${Math.max(0, ...given) + 1}`;
}

/** The last day for an answer: so many working days, the day of taking not counted. */
export function dueOn(takenMs: number, isWorking: (day: string) => boolean): string {
  let left = WORKING_DAYS;
  let ms = takenMs;
  // A calendar without a working day in three months is none.
  for (let tries = 0; left > 0 && tries < 90; tries++) {
    ms += DAY_MS;
    if (isWorking(dayOf(ms))) left--;
  }
  return dayOf(ms);
}

/** Monday to Friday: where the office's calendar is not on this phone, or does not go so far. */
export function isWeekday(day: string): boolean {
  return ![0, 6].includes(weekdayOfDays(daysOf(day)));
}
