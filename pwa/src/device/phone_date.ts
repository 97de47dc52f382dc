/**
 * Whether the date that a phone shows can be true. Pure.
 *
 * A browser closes secure connections to a phone whose date lies outside a certificate's life, and
 * tells an app nothing of it. What an app does know: the day from which its own version has been,
 * and the time that the office signed last. What the phone wrote itself is no witness: a clock that
 * ran ahead once would have its own changes accuse every right date after it.
 */

/** A clock that is less behind shuts nothing out: certificates begin an hour before they are used. */
const BEHIND_MS = 3_600_000;
/** No certificate that browsers accept lives longer. */
const CERTIFICATE_MS_MAX = 398 * 86_400_000;

export interface WrongDate {
  /** Behind is sure; ahead may also be a phone that lay in a drawer for more than a year. */
  readonly side: 'behind' | 'ahead';
  /** What the phone shows, ms. */
  readonly shows: number;
  /** The newest moment that surely was: it cannot be earlier than that. */
  readonly known: number;
}

/** Null where the date can be true. */
export function wrongDateOf(shows: number, known: number): WrongDate | null {
  if (shows < known - BEHIND_MS) return { side: 'behind', shows, known };
  if (shows > known + CERTIFICATE_MS_MAX) return { side: 'ahead', shows, known };
  return null;
}

/** The newest moment that surely was: the app's own day, or what the office signed since. */
export function knownMoment(released: number, lastExchangeAt: number): number {
  return Math.max(released, lastExchangeAt);
}
