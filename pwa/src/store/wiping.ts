/**
 * Taking everything away that the phone keeps, in one transaction: after a crash it has happened
 * whole, or not at all.
 */
import type { StoreNames } from 'idb';
import type { Wiping } from '../sync/order';
import type { Writing } from './disk';
import { HANDED } from './handed';
import { isOwed } from './photo';
import { StoreUnavailable, type StoredDevice, type Wiped } from './port';
import { ONLY, type Schema } from './schema';

/** Every store of the database, the mark's too. */
export const EVERYTHING: readonly StoreNames<Schema>[] = [
  'device',
  'seats',
  'drafts',
  'log',
  'receipts',
  'witnesses',
  'records',
  'cursors',
  'directory',
  'reference',
  'bundles',
  'photos',
  'photo_bytes',
  'wiped',
  'offers',
  'vaults',
  'kept',
  'leases',
  'code_counters',
];

export async function wipe(
  tx: Writing,
  action: Wiping,
  orderedAt: number,
  now: number,
): Promise<Wiped> {
  const device = await tx.objectStore('device').get(ONLY);
  if (device === undefined) return 'not-enrolled';
  const unsent = await countUnsent(tx, device);
  const photos = await countPhotos(tx, device);
  if (action === 'hand-in' && unsent.own + photos.owed > 0) return 'unsent';
  const drafts = (await tx.objectStore('drafts').count()) + (await countHanded(tx));
  for (const name of EVERYTHING) await tx.objectStore(name).clear();
  const { officeName } = device;
  const lost = { changes: unsent.all, drafts, photos: photos.lost };
  const mark = { officeName, orderedAt, wipedAt: now, ...lost, isDone: false };
  await tx.objectStore('wiped').put(mark, ONLY);
  return 'wiped';
}

/** Drafts on their way from one person here to another. */
async function countHanded(tx: Writing): Promise<number> {
  const names = await tx.objectStore('kept').getAllKeys();
  return names.filter(([, name]) => name.startsWith(HANDED)).length;
}

/** Photos that changes name: those that can still be handed in, and those that the office lacks. */
async function countPhotos(
  tx: Writing,
  device: StoredDevice,
): Promise<{ readonly owed: number; readonly lost: number }> {
  const seats = await tx.objectStore('seats').getAll();
  const own = new Set(seats.filter((seat) => seat.device === device.device).map(({ seat }) => seat));
  let [owed, lost] = [0, 0];
  for (const photo of await tx.objectStore('photos').getAll()) {
    if (isOwed(photo, device.epoch) && own.has(photo.seat)) owed++;
    if (photo.stage === 'named' || photo.stage === 'refused') lost++;
  }
  return { owed, lost };
}

/** What comes too late, from a screen that was open, must not bring anything back. */
export async function requireNotWiped(tx: Writing): Promise<void> {
  const mark = await tx.objectStore('wiped').get(ONLY);
  if (mark !== undefined) throw new StoreUnavailable('it was wiped by the office');
}

/** What stands above the receipts: of this phone's own seats, and with those of an earlier joining. */
async function countUnsent(
  tx: Writing,
  device: StoredDevice,
): Promise<{ readonly own: number; readonly all: number }> {
  let [own, all] = [0, 0];
  for (const seat of await tx.objectStore('seats').getAll()) {
    if (seat.isClosed === true) continue;
    const held = (await tx.objectStore('receipts').get(seat.seat))?.held ?? 0;
    const count = Math.max(seat.last - held, 0);
    all += count;
    if (seat.device === device.device) own += count;
  }
  // What was taken over from another phone is somebody's unsent work too.
  for (const { origin, heldAt } of await tx.objectStore('bundles').getAll()) {
    if (origin === 'carried' && heldAt === null) own++;
  }
  return { own, all };
}
