/**
 * Whether this phone may leave the office (A11), and whether it may begin another dossier (A12).
 *
 * Every check is either all right, something to do, or (`unknown`) not for this phone to say.
 * Days are counted, not promised: the least of what runs out.
 */

/** Photos of one dossier, as a van takes them: an application, a certificate, two pages beside. */
const PHOTOS_OF_DOSSIER = 4;
/** Fewer than a morning's work: the van should not leave with it. */
const ROOM_LOW = 60;
/** Not enough for one whole dossier beside what is open: nothing new may begin. */
const ROOM_LEAST = 3;
/** After so many days without the office, limits and fees may have changed unseen. */
const DAYS_WITHOUT_OFFICE = 14;
const SKEW_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

export type Answer = 'ok' | 'todo' | 'unknown';
export type CheckName =
  'person' | 'stop' | 'forms' | 'offline' | 'room' | 'kept' | 'clock' | 'exchange' | 'unsent';

export interface Facts {
  readonly now: number;
  readonly isSignedIn: boolean;
  readonly hasStop: boolean;
  readonly hasForms: boolean;
  /** The app's own files are on the phone; null where the browser has no worker. */
  readonly hasApp: boolean | null;
  /** Room in photos; null where the browser does not say. */
  readonly photos: number | null;
  /** Whether the browser promised to keep what is stored; null where it cannot be asked. */
  readonly isKept: boolean | null;
  /** 0 before the first exchange. */
  readonly lastExchangeAt: number;
  readonly skewMs: number;
  /** The date of this phone cannot be true, whatever the office last said of its clock. */
  readonly hasWrongDate: boolean;
  readonly unsent: number;
}

export interface Readiness {
  readonly checks: readonly { readonly name: CheckName; readonly answer: Answer }[];
  /** What is left to do. */
  readonly todo: number;
  /** Days that this phone can go without the office; 0 while something is to be done first. */
  readonly days: number;
}

export function readinessOf(facts: Facts): Readiness {
  const { now, lastExchangeAt } = facts;
  const ageDays = lastExchangeAt === 0 ? Infinity : Math.max(0, Math.floor((now - lastExchangeAt) / DAY_MS));
  const room = roomOf(facts.photos);
  const checks: { name: CheckName; answer: Answer }[] = [
    { name: 'person', answer: facts.isSignedIn ? 'ok' : 'todo' },
    { name: 'stop', answer: facts.hasStop ? 'ok' : 'todo' },
    { name: 'forms', answer: facts.hasForms ? 'ok' : 'todo' },
    { name: 'offline', answer: told(facts.hasApp) },
    { name: 'room', answer: room === null ? 'unknown' : room >= ROOM_LOW ? 'ok' : 'todo' },
    { name: 'kept', answer: told(facts.isKept) },
    { name: 'clock', answer: clockOf(facts) },
    { name: 'exchange', answer: ageDays < DAYS_WITHOUT_OFFICE ? 'ok' : 'todo' },
    { name: 'unsent', answer: facts.unsent === 0 ? 'ok' : 'todo' },
  ];
  // The stop is chosen by leaving; what is unsent does not keep a van from it.
  const todo = checks.filter(({ name, answer }) => answer === 'todo' && name !== 'stop' && name !== 'unsent').length;
  const days = Math.max(0, DAYS_WITHOUT_OFFICE - (Number.isFinite(ageDays) ? ageDays : DAYS_WITHOUT_OFFICE));
  const isReady = checks.every(({ name, answer }) =>
    answer !== 'todo' || !['person', 'forms', 'offline', 'room', 'exchange'].includes(name));
  return { checks, todo, days: isReady ? days : 0 };
}

function clockOf({ hasWrongDate, lastExchangeAt, skewMs }: Facts): Answer {
  if (hasWrongDate) return 'todo';
  if (lastExchangeAt === 0) return 'unknown';
  return Math.abs(skewMs) <= SKEW_MS ? 'ok' : 'todo';
}

/** Room in dossiers; null where the browser does not say how much it lets us write. */
export function roomOf(photos: number | null): number | null {
  return photos === null ? null : Math.floor(photos / PHOTOS_OF_DOSSIER);
}

/** Whether a new dossier may begin: what cannot be saved must not be started. */
export function mayBegin(photos: number | null): boolean {
  const room = roomOf(photos);
  return room === null || room >= ROOM_LEAST;
}

function told(answer: boolean | null): Answer {
  if (answer === null) return 'unknown';
  return answer ? 'ok' : 'todo';
}
