/** What the office erased by law goes from this phone too: from its logs, and from its states. */
import type { ExchangeResponse } from '../sync/messages';
import { openErasures } from '../sync/erasures';
import type { StoredDevice } from '../store/port';
import { verify } from './keys';
import type { World } from './port';

const TRIES_MAX = 5;

/** Heeds a newer list of erasures in an answer; tells whether there was one. */
export async function heedErasures(
  { store }: World,
  device: StoredDevice,
  response: ExchangeResponse,
): Promise<boolean> {
  const newest = device.erasures ?? 0;
  for (const shown of response.shown) {
    const list = await openErasures(verify, shown, device.office, device.officeKey);
    if (list === null || list.number <= newest) continue;
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      if ((await store.erase(list)) === 'written') return true;
    }
  }
  return false;
}
