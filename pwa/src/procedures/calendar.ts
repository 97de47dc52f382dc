/**
 * The office's calendar: which days it works, and its hours. Days are `YYYY-MM-DD`.
 *
 * It knows the years that it was made for and no other: a day outside them is said to be outside,
 * never guessed from the weekday. Twin of server/deadlines/days.py; vectors hold both to the same.
 */
import { dayOfDays, daysOf, weekdayOfDays } from './civil_days';
import { list, map, oneOf, text, type Json } from './unknown';

export class OutsideCalendar extends Error {
  readonly code = 'outside-calendar';
  constructor(readonly day: string) {
    super(`${day} is outside the calendar`);
  }
}

export interface Session {
  readonly opens: string;
  readonly closes: string;
}

/** The hours of one kind of office on a working day, in order. */
export interface Unit {
  readonly code: string;
  readonly name: string;
  readonly hours: readonly Session[];
}

/** Where the law is read in two ways, the way of this office. */
export interface Readings {
  readonly dayOff: 'as_received' | 'next_working_day';
  readonly supplement: 'anew' | 'paused';
}

export interface Calendar {
  readonly version: string;
  readonly first: string;
  readonly last: string;
  readonly daysOff: ReadonlySet<string>;
  readonly working: ReadonlySet<string>;
  readonly units: readonly Unit[];
  readonly readings: Readings;
}

/** The border: what came with the reference data becomes a calendar, or is refused. */
export function readCalendar(value: unknown): Calendar {
  const raw = map(value, 'calendar');
  const readings = map(raw['readings'], 'calendar.readings');
  return {
    version: text(raw['version'], 'calendar.version'),
    first: text(raw['first'], 'calendar.first'),
    last: text(raw['last'], 'calendar.last'),
    daysOff: new Set(list(raw['days_off'], 'calendar.days_off')
      .map((each, index) => text(map(each, `calendar.days_off[${index}]`)['day'], `calendar.days_off[${index}].day`))),
    working: new Set(list(raw['working'], 'calendar.working')
      .map((each, index) => text(each, `calendar.working[${index}]`))),
    units: list(raw['units'], 'calendar.units').map((each, index) => readUnit(map(each, `calendar.units[${index}]`), index)),
    readings: {
      dayOff: oneOf(readings['day_off'], ['as_received', 'next_working_day'], 'calendar.readings.day_off'),
      supplement: oneOf(readings['supplement'], ['anew', 'paused'], 'calendar.readings.supplement'),
    },
  };
}

function readUnit(raw: Json, index: number): Unit {
  const place = `calendar.units[${index}]`;
  return {
    code: text(raw['code'], `${place}.code`),
    name: text(raw['name_vi'], `${place}.name_vi`),
    hours: list(raw['hours'], `${place}.hours`).map((each) => {
      const session = map(each, `${place}.hours`);
      return { opens: text(session['opens'], `${place}.opens`), closes: text(session['closes'], `${place}.closes`) };
    }),
  };
}

/** Throws OutsideCalendar. */
export function isWorking(calendar: Calendar, day: string): boolean {
  if (day < calendar.first || day > calendar.last) throw new OutsideCalendar(day);
  if (calendar.working.has(day)) return true;
  const weekday = weekdayOfDays(daysOf(day));
  return weekday !== 0 && weekday !== 6 && !calendar.daysOff.has(day);
}

/** The first working day after a day. Throws OutsideCalendar. */
export function nextWorking(calendar: Calendar, day: string): string {
  let following = addDays(day, 1);
  while (!isWorking(calendar, following)) following = addDays(following, 1);
  return following;
}

export function opens(calendar: Calendar, unit: string): string {
  return unitOf(calendar, unit)?.hours[0]?.opens ?? '00:00';
}

export function closes(calendar: Calendar, unit: string): string {
  return unitOf(calendar, unit)?.hours.at(-1)?.closes ?? '23:59';
}

export function addDays(day: string, days: number): string {
  return dayOfDays(daysOf(day) + days);
}

/** Of a kind of office that is not known: the first, the branch's own. */
function unitOf(calendar: Calendar, code: string): Unit | undefined {
  return calendar.units.find((unit) => unit.code === code) ?? calendar.units[0];
}
