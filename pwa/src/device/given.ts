/**
 * The office's own word for a record, kept beside what this phone makes of it.
 *
 * 1. Within one epoch the office's states join what is here. In a new one they take its place, with
 *    this phone's own changes on top: what only the lost life knew would else stand here for ever.
 * 2. What the lost life knew and the new one does not is offered back, with the office's mark on it.
 */
import type { Given, Offer, StoredRecord } from '../store/port';
import { type Bytes, sameBytes } from '../sync/bytes';
import { STATE_MAC_BYTES } from '../sync/limits';
import { type State, decodeState, encodeState } from '../sync/record';
import { knowsMore, takeState } from '../sync/reconcile';
import type { LinkedChange } from '../sync/change';

/** One state of a page: its bytes as they came, what they say, and the mark on them. */
export interface Arrival {
  readonly epoch: number;
  readonly bytes: Bytes;
  readonly state: State;
  readonly mac: Bytes;
}

export interface Taken {
  readonly state: Bytes;
  readonly given: Given;
  readonly offer: Offer | null;
}

/**
 * What becomes of a record when the office's state comes. `mine` is what it joins within one epoch;
 * null where that holds a branch that must not stay.
 */
export function takeGiven(
  own: StoredRecord | null,
  mine: State | null,
  arrival: Arrival,
  ownChanges: readonly LinkedChange[],
): Taken {
  const { epoch, bytes, mac } = arrival;
  const before = own?.given ?? null;
  const isAfresh = before !== null && before.epoch !== epoch;
  const taken = takeState(isAfresh ? null : mine, arrival.state, ownChanges);
  const state = encodeState(taken);
  const given = { epoch, state: sameBytes(state, bytes) ? null : bytes, mac, isOffered: false };
  const offer = isAfresh && own !== null ? offerOf(own) : null;
  const isNews = offer !== null && knowsMore(decodeState(offer.state), taken);
  return { state, given, offer: isNews ? offer : null };
}

/** The office's earlier word for a record, to be offered back; null where that cannot be. */
export function offerOf({ id, state, given }: StoredRecord): Offer | null {
  if (given === undefined || given.isOffered || given.mac.length === 0) return null;
  return { id: `${id}/${given.epoch}`, state: given.state ?? state, mac: given.mac };
}

/** What the office gave, beside a state that this phone is about to change itself. */
export function besideOwn(stored: StoredRecord | null): Given | undefined {
  if (stored?.given === undefined) return undefined;
  return { ...stored.given, state: stored.given.state ?? stored.state };
}

/** The mark on one entry of a page; empty where the office gave none. */
export function macAt(macs: Bytes, place: number): Bytes {
  return macs.slice(place * STATE_MAC_BYTES, (place + 1) * STATE_MAC_BYTES);
}
