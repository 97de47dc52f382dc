/**
 * Bundles on their way: which go with the next request, and what the office's answer means.
 *
 * 1. What the office holds may still be lost with it until a backup covers it: a bundle stays for a
 *    while after it was taken, and is offered again when the epoch changes.
 * 2. A carried bundle that the office cannot take stays until a person drops it.
 */
import type { Store, StoredBundle } from '../store/port';
import type { ExchangeResponse } from '../sync/exchange';

/** An exchange with more would inflate over the office's bound for all together. */
const BUNDLES_AT_ONCE = 4;
const KEPT_MS = 14 * 24 * 60 * 60 * 1000;

/** What the office may take another time. */
const LATER: ReadonlySet<string> = new Set([
  '',
  'gap',
  'too-large',
  'device-unconfirmed',
  'unknown-device',
  'busy',
]);

export function isWaiting({ heldAt, code }: StoredBundle): boolean {
  return heldAt === null && LATER.has(code);
}

/** The bundles for one request: a few, small enough together; the first always. */
export async function bundlesToSend(
  store: Store,
  tried: ReadonlySet<string>,
  bytes: number,
): Promise<StoredBundle[]> {
  const waiting = (await store.bundles.all()).filter((one) => isWaiting(one) && !tried.has(one.digest));
  let sum = 0;
  return waiting.slice(0, BUNDLES_AT_ONCE).filter(({ raw }, place) => {
    sum += raw.length;
    return place === 0 || sum <= bytes;
  });
}

/** Notes what became of the bundles of a request; gives how many the office newly holds. */
export async function takeOutcomes(
  store: Store,
  sent: readonly StoredBundle[],
  response: ExchangeResponse,
): Promise<number> {
  let held = 0;
  for (const bundle of sent) {
    const outcome = response.opened.find((one) => one.bundle === bundle.digest);
    if (outcome === undefined) continue;
    const { code } = outcome;
    if (code === '') {
      held++;
      await store.bundles.change(bundle.digest, { heldAt: response.time, code });
    } else if (bundle.origin === 'own' && !LATER.has(code)) {
      // The log itself is here, and goes by its own way.
      await store.bundles.drop([bundle.digest]);
    } else {
      await store.bundles.change(bundle.digest, { code });
    }
  }
  return held;
}

/** The office lives anew: it may have lost what it had taken. */
export async function offerAgain(store: Store): Promise<void> {
  for (const { digest, heldAt, code } of await store.bundles.all()) {
    if (heldAt !== null || code !== '') {
      await store.bundles.change(digest, { heldAt: null, code: '' });
    }
  }
}

/** Drops what has been held long enough, or what a backup covers. */
export async function dropOldBundles(store: Store, officeTime: number): Promise<void> {
  const safe = new Map((await store.receipts()).map((receipt) => [receipt.seat, receipt.safe]));
  const isDone = ({ heldAt, covers }: StoredBundle): boolean =>
    (heldAt !== null && heldAt + KEPT_MS < officeTime) ||
    (covers !== null && (safe.get(covers.seat) ?? 0) >= covers.last);
  const done = (await store.bundles.all()).filter(isDone);
  if (done.length > 0) await store.bundles.drop(done.map(({ digest }) => digest));
}
