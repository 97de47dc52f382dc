/** Times as records keep them: civil time of Vietnam, with its zone. */
import { dayOf, writeTime } from '../procedures/format';

const DAY_MS = 86_400_000;

/** 2026-11-22T08:01:02+07:00. */
export function momentOf(ms: number): string {
  const seconds = String(Math.floor(ms / 1000) % 60).padStart(2, '0');
  return `${dayOf(ms)}T${writeTime(ms)}:${seconds}+07:00`;
}

/** The day so many days after that of `ms`. */
export function dayAfter(ms: number, days: number): string {
  return dayOf(ms + days * DAY_MS);
}
