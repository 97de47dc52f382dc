/** What the office erased by law goes from this phone too: from its logs, and from its states. */
import type { ExchangeResponse } from '../sync/messages';
import { type Erasures, openErasures } from '../sync/erasures';
import type { Store, StoredDevice } from '../store/port';
import { verify } from './keys';
import type { World } from './world';

const TRIES_MAX = 5;

/** Heeds a newer list of erasures in an answer; tells whether there was one. */
export async function heedErasures(
  { store, vaults }: World,
  device: StoredDevice,
  response: ExchangeResponse,
): Promise<boolean> {
  // A locked vault is caught up with when it is opened.
  if (vaults !== null && vaults.sealing.vault === null) return false;
  const newest = device.erasures ?? 0;
  for (const shown of response.shown) {
    const list = await openErasures(verify, shown, device.office, device.officeKey);
    if (list === null || list.number <= newest) continue;
    if (await erase(store, list)) return true;
  }
  return false;
}

/** Heeds in a vault that has just been opened what the office erased while it was locked. */
export async function catchUpErasures(
  { store }: World,
  { office, officeKey, lists }: StoredDevice,
  heeded: number,
): Promise<void> {
  const kept = lists?.erasures;
  if (kept === undefined) return;
  const list = await openErasures(verify, { purpose: 'erasures', ...kept }, office, officeKey);
  if (list !== null && list.number > heeded) await erase(store, list);
}

async function erase(store: Store, list: Erasures): Promise<boolean> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    if ((await store.erase(list)) === 'written') return true;
  }
  return false;
}
