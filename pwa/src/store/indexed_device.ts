/** The phone itself in IndexedDB: at its office, with what the office lets it know, or wiped. */
import type { DirectoryEntry } from '../sync/exchange';
import type { Wiping } from '../sync/order';
import type { Writing } from './disk';
import type { Kit } from './kit';
import { ONLY } from './schema';
import type { DeviceStore, StoredDevice, StoredReference, WipeMark, Wiped } from './stored_device';
import { EVERYTHING, requireNotWiped, wipe } from './wiping';

export function deviceIn({ disk }: Kit): DeviceStore {
  return {
    async device(): Promise<StoredDevice | null> {
      return await disk.read(
        ['device'],
        async (tx) => (await tx.objectStore('device').get(ONLY)) ?? null,
      );
    },

    async saveDevice(device: StoredDevice): Promise<void> {
      await disk.write(['device', 'wiped'], async (tx) => {
        await tx.objectStore('wiped').clear();
        await tx.objectStore('device').put(device, ONLY);
      });
    },

    async wipe(action: Wiping, orderedAt: number, now: number): Promise<Wiped> {
      return await disk.write([...EVERYTHING], async (tx) => {
        return await wipe(tx, action, orderedAt, now);
      });
    },

    async wiped(): Promise<WipeMark | null> {
      return await disk.read(
        ['wiped'],
        async (tx) => (await tx.objectStore('wiped').get(ONLY)) ?? null,
      );
    },

    async endWipe(): Promise<void> {
      await disk.write(['wiped'], async (tx) => {
        const mark = await tx.objectStore('wiped').get(ONLY);
        if (mark !== undefined) await tx.objectStore('wiped').put({ ...mark, isDone: true }, ONLY);
      });
    },

    async changeDevice(change: (now: StoredDevice) => StoredDevice): Promise<StoredDevice | null> {
      return await disk.write(['device'], async (tx) => await changeDevice(tx, change));
    },

    async directory(): Promise<DirectoryEntry[]> {
      return await disk.read(
        ['directory'],
        async (tx) => await tx.objectStore('directory').getAll(),
      );
    },

    async saveDirectory(entries: readonly DirectoryEntry[]): Promise<void> {
      const greatest = Math.max(...entries.map(({ seat }) => seat));
      await disk.write(['directory', 'device', 'wiped'], async (tx) => {
        await requireNotWiped(tx);
        for (const entry of entries) await tx.objectStore('directory').put(entry);
        await changeDevice(tx, (device) => ({
          ...device,
          directoryUpTo: Math.max(device.directoryUpTo, greatest),
        }));
      });
    },

    async reference(): Promise<StoredReference | null> {
      return await disk.read(
        ['reference'],
        async (tx) => (await tx.objectStore('reference').get(ONLY)) ?? null,
      );
    },

    async saveReference(reference: StoredReference): Promise<void> {
      await disk.write(['reference'], async (tx) => {
        await tx.objectStore('reference').put(reference, ONLY);
      });
    },
  };
}

export async function changeDevice(
  tx: Writing,
  change: (now: StoredDevice) => StoredDevice,
): Promise<StoredDevice | null> {
  const now = await tx.objectStore('device').get(ONLY);
  if (now === undefined) return null;
  const changed = change(now);
  await tx.objectStore('device').put(changed, ONLY);
  return changed;
}

export async function readAnew(tx: Writing): Promise<void> {
  await tx.objectStore('cursors').clear();
  await changeDevice(tx, (now) => ({ ...now, readAnew: (now.readAnew ?? 0) + 1 }));
}
