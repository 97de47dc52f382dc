/** The push of this browser: its question, its subscription, and how long we wait for either. */
import type { Bytes } from '../sync/bytes';
import type { PushAddress } from '../sync/push';
import type { PushBrowser, PushPermission } from './world';

/** Some browsers never answer where their push service is out of reach. */
const SUBSCRIBE_MS = 20_000;
const LOOK_MS = 5_000;

export const browserPush: PushBrowser = {
  permission: () => (isHere() ? Notification.permission : 'none'),
  ask: async (): Promise<PushPermission> => (isHere() ? await Notification.requestPermission() : 'none'),
  current: async () => {
    const found = await within(LOOK_MS, async () => {
      const manager = await managerOf();
      // The page may be there before its worker.
      return manager === null ? 'unknown' : await manager.getSubscription();
    });
    if (found === 'slow' || found === 'unknown') return 'unknown';
    return found === null ? null : addressOf(found);
  },
  subscribe: async (key) => {
    try {
      const manager = await managerOf();
      if (manager === null) return 'no-service';
      const made = await within(SUBSCRIBE_MS, async () => await subscribe(manager, key));
      if (made === 'slow') return 'no-service';
      return addressOf(made) ?? 'no-service';
    } catch (fault) {
      if (!(fault instanceof DOMException)) throw fault;
      return fault.name === 'NotAllowedError' ? 'refused-by-browser' : 'no-service';
    }
  },
  unsubscribe: async () => {
    await within(LOOK_MS, async () => await (await (await managerOf())?.getSubscription())?.unsubscribe());
  },
};

async function subscribe(manager: PushManager, key: Bytes): Promise<PushSubscription> {
  const old = await manager.getSubscription();
  // One that is bound to another key of the office cannot be had beside ours.
  if (old !== null && !isSame(old.options.applicationServerKey, key)) await old.unsubscribe();
  return await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function isHere(): boolean {
  return 'Notification' in globalThis && 'PushManager' in globalThis && 'serviceWorker' in navigator;
}

async function managerOf(): Promise<PushManager | null> {
  if (!isHere()) return null;
  return (await navigator.serviceWorker.getRegistration())?.pushManager ?? null;
}

function addressOf(subscription: PushSubscription): PushAddress | null {
  const [p256dh, auth] = [subscription.getKey('p256dh'), subscription.getKey('auth')];
  if (p256dh === null || auth === null) return null;
  const { endpoint } = subscription;
  return { endpoint, p256dh: new Uint8Array(p256dh), auth: new Uint8Array(auth) };
}

function isSame(bound: ArrayBuffer | null, key: Bytes): boolean {
  if (bound === null) return false;
  const bytes = new Uint8Array(bound);
  return bytes.length === key.length && bytes.every((byte, place) => byte === key[place]);
}

async function within<T>(ms: number, deed: () => Promise<T>): Promise<T | 'slow'> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<'slow'>((resolve) => {
    timer = setTimeout(() => { resolve('slow'); }, ms);
  });
  try {
    return await Promise.race([deed(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
