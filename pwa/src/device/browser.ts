/** The real world: this browser's clock, chance, network, tabs and disk. */
import { released, version } from '../../package.json';
import { indexedStore } from '../store/indexed';
import { clearCipher } from '../store/clear_cipher';
import { VaultSealing, aesGcm } from '../store/vault_sealing';
import { browserPhotos } from './browser_photos';
import { civilTime } from './civil_time';
import { browserNet } from './net';
import { phoneWith } from './phone';
import type { Phone } from './port';
import type { Clock, Random, Wakes } from './world';
import { browserRemains } from './remains';
import { browserSeals } from './seals';
import { browserTabs } from './tabs';
import { browserStretch } from './browser_vaults';

const NAME = 'luudong';

/** Never fails: a disk that cannot be used shows when something is asked of it. */
export function openPhone(): Promise<Phone> {
  const sealing = new VaultSealing(import.meta.env.MODE === 'unsealed' ? clearCipher : aesGcm);
  const phone = phoneWith({
    clock: browserClock,
    random: browserRandom,
    net: browserNet,
    tabs: browserTabs(NAME),
    wakes: browserWakes,
    remains: browserRemains,
    store: indexedStore(NAME, sealing),
    seals: browserSeals,
    photos: browserPhotos,
    vaults: { sealing, stretch: browserStretch, passkeys: () => import('./browser_passkeys') },
    push: async () => (await import('./browser_push')).browserPush,
    appVersion: version,
    released: Date.parse(released),
  });
  return Promise.resolve(phone);
}

const browserClock: Clock = {
  now: () => Date.now(),
  civil: civilTime,
  after: (ms, deed) => {
    const timer = setTimeout(deed, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

const browserRandom: Random = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  unit: () => Math.random(),
};

const browserWakes: Wakes = (wake) => {
  const onShow = (): void => {
    if (document.visibilityState === 'visible') wake();
  };
  globalThis.addEventListener('online', wake);
  // What the browser believes is tried at once, and said: nobody reads "online" for minutes without a network.
  globalThis.addEventListener('offline', wake);
  document.addEventListener('visibilitychange', onShow);
  // The worker speaks only when the office has woken it.
  const worker = 'serviceWorker' in navigator ? navigator.serviceWorker : null;
  worker?.addEventListener('message', wake);
  return () => {
    worker?.removeEventListener('message', wake);
    globalThis.removeEventListener('online', wake);
    globalThis.removeEventListener('offline', wake);
    document.removeEventListener('visibilitychange', onShow);
  };
};
