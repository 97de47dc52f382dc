/**
 * The one place that decides what an answer of the office means for this phone.
 *
 * `sync/reconcile.py` decides the office's side: take, or quarantine. A phone never quarantines; it
 * weighs receipts against its own log, and puts its own unsent changes on top of what comes.
 *
 * It must never know how anything is stored.
 */
import { type Bytes, sameBytes } from './bytes';
import type { LinkedChange } from './change';
import type { Receipt } from './receipt';
import { type State, fold, join } from './record';

/**
 * `counts`: the office holds what this phone wrote.
 * `forked`: another log stands at the office under this seat's number.
 * `beyond`: the office holds more than this phone wrote: the phone's copy is old.
 */
export type Weight = 'counts' | 'forked' | 'beyond';

/** `headAtHeld`: the own log's head at the receipt's `held`, null if the log does not go so far. */
export function weigh(receipt: Receipt, headAtHeld: Bytes | null): Weight {
  if (headAtHeld === null) return 'beyond';
  return sameBytes(receipt.head, headAtHeld) ? 'counts' : 'forked';
}

/** The state to keep when the office's comes: joined, and the own changes that it lacks on top. */
export function takeState(
  own: State | null,
  theirs: State,
  ownChanges: readonly LinkedChange[],
): State {
  return fold(own === null ? theirs : join(own, theirs), ownChanges).state;
}

/** Whether a state has seen changes that another has not. */
export function knowsMore(theirs: State, ours: State): boolean {
  return [...theirs.seen].some(([seat, seq]) => seq > (ours.seen.get(seat) ?? 0));
}

/** Whether a record stays on the phone that no feed holds any more. */
export function mustStay(feeds: readonly string[], hasUnsent: boolean): boolean {
  return feeds.length > 0 || hasUnsent;
}
