/**
 * Drops this phone's own copies of changes, where nothing needs them any more.
 *
 * 1. Only below `safe` of a receipt of the current epoch: a verified backup covers them.
 * 2. Only days after the office took them: should it have to go back to an older backup than its
 *    newest, they are still here.
 * 3. Not while any log of this phone has parted: carrying over folds records from these logs.
 * 4. Heads stay, and so do receipts: what the office says of the log can still be weighed.
 */
import { hasParted } from './own_log';
import type { World } from './world';

export const LOG_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Gives how many changes were dropped. */
export async function pruneLogs({ store }: World): Promise<number> {
  const device = await store.device();
  if (device === null) return 0;
  const seats = (await store.seats()).filter(({ isClosed }) => !isClosed);
  if (seats.some(hasParted) || seats.some(({ trouble }) => trouble === 'log-lost')) return 0;
  const before = device.lastExchangeAt - (device.logDays ?? LOG_DAYS) * DAY_MS;
  let dropped = 0;
  for (const { seat, epoch, safe } of await store.receipts()) {
    const own = seats.find((one) => one.seat === seat);
    if (own === undefined || epoch !== device.epoch || safe <= own.dropped) continue;
    const upTo = Math.min(safe, await store.heldAt(seat, before));
    if (upTo > own.dropped) dropped += await store.dropEntries(seat, upTo);
  }
  return dropped;
}
