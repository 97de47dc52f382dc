/** The door's part for the office and this phone: sending, being woken, reference data, settings. */
import type { StoredDevice } from '../../store/port';
import type { Phone, Pushes } from '../port';
import { fetchReference, openReference } from '../reference';
import type { Reference } from '../shown';
import { keeping } from '../trouble';
import type { Hands } from './bell';

type SendingDoor = Pick<
  Phone,
  | 'pushes'
  | 'reference'
  | 'fetchReference'
  | 'connection'
  | 'exchangeNow'
  | 'workOffline'
  | 'keepLogFor'
  | 'leaveAfter'
  | 'lockAfter'
  | 'start'
  | 'watch'
>;

export function sendingDoor({ world, bell, sender, prepare }: Hands): SendingDoor {
  const { store } = world;
  let opened: { readonly etag: string; readonly reference: Reference } | null = null;

  async function pushes(): Promise<Pushes | null> {
    if (world.push === undefined) return null;
    const [{ pushesOf }, browser] = await Promise.all([import('../push'), world.push()]);
    return pushesOf(world, browser);
  }

  /** Where nobody wishes to be woken, nothing of it is even fetched. */
  async function mindPush(): Promise<void> {
    await keeping(async () => {
      const device = await store.device();
      if (device?.push !== undefined) await (await pushes())?.mind(false);
    });
  }

  async function set(setting: Pick<StoredDevice, 'logDays' | 'leaveDays' | 'locks'>): Promise<void> {
    await store.changeDevice((device) => ({ ...device, ...setting }));
    bell.tell('device');
  }

  return {
    pushes,

    async reference() {
      const stored = await store.reference();
      if (stored === null) return null;
      if (opened?.etag !== stored.etag) {
        opened = { etag: stored.etag, reference: openReference(stored) };
      }
      return opened.reference;
    },

    async fetchReference() {
      const outcome = await fetchReference(world);
      if (outcome.kind === 'fetched') bell.tell('reference');
      return outcome;
    },

    connection() {
      return sender.connection;
    },

    async exchangeNow() {
      // The button also gives another chance to what the office could not take last time.
      for (const { seat, trouble } of await store.seats()) {
        if (trouble === 'log-refused') await store.changeSeat(seat, { trouble: null });
      }
      return await sender.tryNow(true);
    },

    async workOffline(on) {
      await sender.pause(on);
    },

    async keepLogFor(logDays) {
      await set({ logDays });
    },

    async leaveAfter(leaveDays) {
      await set({ leaveDays });
    },

    async lockAfter(locks) {
      await set({ locks });
    },

    start() {
      prepare();
      const mind = (): void => {
        void mindPush();
      };
      mind();
      const endings = [world.wakes(mind), sender.start()];
      return () => {
        for (const end of endings) end();
      };
    },

    watch(listener) {
      return bell.watch(listener);
    },
  };
}
