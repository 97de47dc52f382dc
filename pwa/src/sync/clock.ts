/**
 * The hybrid logical clock that orders changes for people to read (`docs/protocol.md`, part 5).
 *
 * It never decides what is kept, and never asks the time: `nowMs` comes in.
 */
import { CLOCK_AHEAD_MS_MAX } from './limits';

/** Milliseconds of the author's clock, then a counter among changes of one millisecond. */
export interface At {
  readonly ms: number;
  readonly counter: number;
}

export const START: At = { ms: 0, counter: 0 };

export function compareAt(one: At, other: At): number {
  return one.ms - other.ms || one.counter - other.counter;
}

/** The time of the next change: after `last`, whatever the phone's clock says. */
export function tick(last: At, nowMs: number): At {
  return nowMs > last.ms ? { ms: nowMs, counter: 0 } : { ms: last.ms, counter: last.counter + 1 };
}

/** Follows a foreign time, unless it is so far ahead that its clock must be wrong. */
export function witness(last: At, foreign: At, nowMs: number): At {
  if (foreign.ms > nowMs + CLOCK_AHEAD_MS_MAX) return last;
  return compareAt(foreign, last) > 0 ? foreign : last;
}
