/**
 * Counts a deadline: from the moment of reception to the day and hour that is promised.
 *
 * All times are civil times in Vietnam, `YYYY-MM-DDTHH:MM`; nothing here asks for the time, and what
 * the calendar does not know is not promised. Twin of server/deadlines/rules.py, function by
 * function; vectors hold both to the same.
 */
import { type Calendar, OutsideCalendar, addDays, closes, isWorking, nextWorking, opens } from './calendar';
import { dayOfDays, daysOf } from './civil_days';
import { type Limit, ruleWords } from './limits';

export interface Promised {
  readonly dueAt: string;
  readonly rule: string;
  readonly calendar: string;
}

/** A time in which the clock stood: the supplement was asked for, and it came. */
export interface Pause {
  readonly asked: string;
  readonly given: string;
}

const DAY_MINUTES = 1440;
const NONE: ReadonlySet<string> = new Set();

/** Of a bundle's parts, the last one's; null where there is no limit. Throws OutsideCalendar. */
export function promiseOf(
  limits: readonly Limit[], receivedAt: string, calendar: Calendar, unit: string, pauses: readonly Pause[] = [],
): Promised | null {
  isWorking(calendar, dayOf(receivedAt));
  let last: Promised | null = null;
  for (const limit of limits) {
    const dueAt = due(limit, receivedAt, calendar, unit, pauses);
    if (last === null || dueAt > last.dueAt) last = { dueAt, rule: ruleWords(limit), calendar: calendar.version };
  }
  return last;
}

function due(limit: Limit, received: string, calendar: Calendar, unit: string, pauses: readonly Pause[]): string {
  const reading = limit.supplement ?? calendar.readings.supplement;
  const supplied = pauses.at(-1);
  if (supplied !== undefined && (reading === 'anew' || limit.rule !== 'count')) {
    return due(limit, supplied.given, calendar, unit, []);
  }
  if (limit.rule === 'monthly_batch') return end(lastOfBatch(limit, dayOf(received), calendar), calendar, unit);
  if (limit.unit === 'hours' && limit.rule === 'count') {
    return whenOpen(move(received, stood(pauses) + limit.number * 60), calendar, unit);
  }
  if (limit.rule === 'same_day') return end(dayOfReception(limit, received, calendar, unit), calendar, unit);
  const first = firstDay(limit, received, calendar);
  const waiting = daysWaited(pauses);
  return end(limit.unit === 'working_days'
    ? countWorking(first, limit.number, calendar, waiting)
    : countPlain(first, limit.number, calendar, waiting), calendar, unit);
}

/** The day itself if the office still works on it before the cut-off, else the next one. */
function dayOfReception(limit: Limit, received: string, calendar: Calendar, unit: string): string {
  const day = dayOf(received);
  const cutoff = limit.cutoff ?? closes(calendar, unit);
  return isWorking(calendar, day) && minuteOf(received) <= cutoff ? day : nextWorking(calendar, day);
}

/** The day that is not counted: the one of reception, or the one that it counts as. */
function firstDay(limit: Limit, received: string, calendar: Calendar): string {
  const day = dayOf(received);
  if (isWorking(calendar, day)) {
    const isLate = limit.cutoff !== null && minuteOf(received) > limit.cutoff;
    return isLate ? nextWorking(calendar, day) : day;
  }
  return calendar.readings.dayOff === 'next_working_day' ? nextWorking(calendar, day) : day;
}

function countWorking(first: string, number: number, calendar: Calendar, waiting: ReadonlySet<string>): string {
  let day = first;
  for (let counted = 0; counted < number;) {
    day = nextWorking(calendar, day);
    if (!waiting.has(day)) counted++;
  }
  return day;
}

/** Every day counts; a last day on a day off moves to the next working day (Civil Code 148). */
function countPlain(first: string, number: number, calendar: Calendar, waiting: ReadonlySet<string>): string {
  let day = first;
  for (let counted = 0; counted < number;) {
    day = addDays(day, 1);
    if (day > calendar.last) throw new OutsideCalendar(day);
    if (!waiting.has(day)) counted++;
  }
  return isWorking(calendar, day) ? day : nextWorking(calendar, day);
}

/** From the next start of a batch: what comes before that day is in it, on it no more. */
function lastOfBatch(limit: Limit, received: string, calendar: Calendar): string {
  const start = String(limit.startDay ?? 1).padStart(2, '0');
  let begins = `${received.slice(0, 8)}${start}`;
  if (received >= begins) {
    const [year = 0, month = 0] = received.split('-').map(Number);
    const next = month === 12 ? [year + 1, 1] as const : [year, month + 1] as const;
    begins = `${String(next[0]).padStart(4, '0')}-${String(next[1]).padStart(2, '0')}-${start}`;
  }
  return limit.unit === 'working_days'
    ? countWorking(begins, limit.number, calendar, NONE)
    : countPlain(begins, limit.number, calendar, NONE);
}

/** An hour at which the office is shut moves to its opening. */
function whenOpen(moment: string, calendar: Calendar, unit: string): string {
  let day = dayOf(moment);
  let minute = minuteOf(moment);
  if (!isWorking(calendar, day) || minute > closes(calendar, unit)) {
    day = nextWorking(calendar, day);
    minute = opens(calendar, unit);
  }
  const opening = opens(calendar, unit);
  return `${day}T${minute < opening ? opening : minute}`;
}

function stood(pauses: readonly Pause[]): number {
  return pauses.reduce((sum, { asked, given }) => sum + minutesOf(given) - minutesOf(asked), 0);
}

/** The days that do not count: after the day of asking, up to the day of the answer. */
function daysWaited(pauses: readonly Pause[]): ReadonlySet<string> {
  const waited = new Set<string>();
  for (const { asked, given } of pauses) {
    for (let day = dayOf(asked); day < dayOf(given);) {
      day = addDays(day, 1);
      waited.add(day);
    }
  }
  return waited;
}

function end(day: string, calendar: Calendar, unit: string): string {
  return `${day}T${closes(calendar, unit)}`;
}

function dayOf(moment: string): string {
  return moment.slice(0, 10);
}

function minuteOf(moment: string): string {
  return moment.slice(11, 16);
}

/** Minutes since 1970, as if Vietnam were the zone of all numbers. */
function minutesOf(moment: string): number {
  const [hour = 0, minute = 0] = minuteOf(moment).split(':').map(Number);
  return daysOf(dayOf(moment)) * DAY_MINUTES + hour * 60 + minute;
}

function move(moment: string, minutes: number): string {
  const moved = minutesOf(moment) + minutes;
  const rest = moved % DAY_MINUTES;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${dayOfDays(Math.floor(moved / DAY_MINUTES))}T${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
}
