/**
 * Why the office gave no answer, as far as a browser lets anybody know (FAULT-31).
 *
 * A dead name, an office without our kind of address, a certificate that ended or that our date puts
 * outside its life: fetch says "failed" to all of them, and its timings are nought (Chromium 156).
 * What this phone knows by itself is whether it has a network at all, and whether its date can be.
 */
import type { Trouble } from './outcomes';
import { knownMoment, wrongDateOf } from './phone_date';
import type { NoAnswer, World } from './world';

export type Lack = 'slow' | 'offline' | 'unreachable';

export function lackOf({ slow, hasNetwork }: NoAnswer): Lack {
  if (slow) return 'slow';
  return hasNetwork ? 'unreachable' : 'offline';
}

/** The date is looked at only where the line would do: without a network it explains nothing. */
export async function whyUnreached(
  { clock, store, released }: Pick<World, 'clock' | 'store' | 'released'>,
  fault: NoAnswer,
): Promise<Trouble> {
  const kind = lackOf(fault);
  if (kind !== 'unreachable') return { kind };
  const lastExchangeAt = (await store.device())?.lastExchangeAt ?? 0;
  const date = wrongDateOf(clock.now(), knownMoment(released, lastExchangeAt));
  return date === null ? { kind } : { kind: 'wrong-date', date };
}
