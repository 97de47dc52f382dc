/** What to tell a person when something could not be had or kept: what happened, what is safe, what to do. */
import type { Trouble, WriteTrouble } from '../device/outcomes';
import { t } from '../live/display.svelte';
import { dayOf, writeDate, writeTime } from '../procedures/format';
import { isWord } from '../words/words';

export type AnyTrouble = Trouble | WriteTrouble | { readonly kind: 'not-enrolled' };

const KINDS: ReadonlySet<string> = new Set<AnyTrouble['kind']>([
  'offline', 'unreachable', 'wrong-date', 'slow', 'captive', 'busy', 'server-error', 'refused', 'untrusted', 'store-full', 'store-unavailable',
  'too-large', 'not-signed-in', 'unknown-record', 'signing-in-anew', 'not-enrolled',
]);

/** Whether an outcome is one of the troubles that have words. */
export function isTrouble(outcome: { readonly kind: string }): outcome is AnyTrouble {
  return KINDS.has(outcome.kind);
}

/** A moment with its day, also where that is today: the day is what is in question. */
export function wholeMoment(ms: number): string {
  return `${writeTime(ms)}, ${writeDate(dayOf(ms))}`;
}

export function wordsForTrouble(trouble: AnyTrouble): string {
  if (trouble.kind === 'wrong-date') {
    const { side, shows, known } = trouble.date;
    return t(`app.trouble.date-${side}`, { shows: wholeMoment(shows), known: writeDate(dayOf(known)) });
  }
  if (trouble.kind === 'unreachable') return t('app.trouble.unreachable', { host: location.host });
  if (trouble.kind !== 'refused') return t(`app.trouble.${trouble.kind}`);
  const key = `app.trouble.refused.${trouble.code}`;
  if (!isWord(key)) return t('app.trouble.refused', { code: trouble.code });
  return t(key, { seconds: trouble.retryAfterSeconds ?? 60 });
}
