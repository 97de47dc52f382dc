/**
 * When a newer version of the app may take over: by a tap on F2, and never while anybody is at work
 * on any page of it (UX-62).
 */
import type { Route } from './route';

/** Screens that show and ask nothing; on every other one something may be half done. */
const QUIET: ReadonlySet<Route['screen']> = new Set<Route['screen']>([
  'today', 'dossiers', 'dossier', 'outbox', 'settings', 'not-found',
]);
const LOOK_EVERY_MS = 30 * 60_000;

export interface Doing {
  readonly screen: Route['screen'];
  readonly isSending: boolean;
  /** An answer stands on the screen that could not be written. */
  readonly isUnwritten: boolean;
}

export function isAtWork({ screen, isSending, isUnwritten }: Doing): boolean {
  return isSending || isUnwritten || !QUIET.has(screen);
}

export interface Takeover {
  /** Whether a worker answered for this page before. */
  readonly hadWorker: boolean;
  /** Whether it was asked in from this page. */
  readonly wasAsked: boolean;
  readonly isAtWork: boolean;
}

/**
 * What a page does once another version answers for it: stay what it is, open again, or offer to.
 * One that only shows opens again by itself: there is nothing under way that it could lose.
 */
export function onTakeover({ hadWorker, wasAsked, isAtWork: works }: Takeover): 'stay' | 'open' | 'offer' {
  // The first worker of a phone is the version that the page is already.
  if (!hadWorker) return 'stay';
  return wasAsked || !works ? 'open' : 'offer';
}

/** Whether to ask the office for a newer version; one that is too old asks whenever it can. */
export function shallLook(lookedAt: number | null, now: number, isTooOld: boolean): boolean {
  return lookedAt === null || isTooOld || now - lookedAt >= LOOK_EVERY_MS;
}
