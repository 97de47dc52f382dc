/** Stops of the vans: which may be chosen for a shift, and which comes next. */
import { type Work, ofKind, textOf } from './work';

export interface Stop {
  readonly record: string;
  readonly trip: string;
  readonly place: string;
  readonly area: string;
  /** 2026-11-22. */
  readonly day: string;
  /** 08:00, empty where nobody said. */
  readonly opens: string;
  readonly closes: string;
}

export function stopsOf(all: readonly Work[]): Stop[] {
  return ofKind(all, 'stop')
    .filter((work) => textOf(work, 'status') !== 'cancelled')
    .map(stopOf)
    .filter(({ place, day }) => place !== '' && day !== '')
    .sort((one, other) => compare(one, other));
}

export function findStop(all: readonly Work[], record: string | undefined): Stop | null {
  return stopsOf(all).find((stop) => stop.record === record) ?? null;
}

/** Those of today, then those of the next days: a van that leaves tonight is made ready tonight. */
export function stopsToChoose(stops: readonly Stop[], today: string, last: string): Stop[] {
  return stops.filter(({ day }) => day >= today && day <= last);
}

/** The one to go to after this: of the same day and later, or of a day to come. */
export function nextStop(stops: readonly Stop[], now: { day: string; time: string }, current: string | null): Stop | null {
  const coming = stops.filter((stop) =>
    stop.record !== current && (stop.day > now.day || (stop.day === now.day && stop.closes > now.time)));
  return coming[0] ?? null;
}

function stopOf(work: Work): Stop {
  const text = (field: string): string => textOf(work, field);
  return {
    record: work.record, trip: text('trip'), place: text('place'), area: text('area'),
    day: text('day'), opens: text('opens'), closes: text('closes'),
  };
}

function compare(one: Stop, other: Stop): number {
  const by = (stop: Stop): string => `${stop.day} ${stop.opens} ${stop.place} ${stop.record}`;
  return by(one) < by(other) ? -1 : 1;
}
