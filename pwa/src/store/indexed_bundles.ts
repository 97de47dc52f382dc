/** Bundles in IndexedDB: sealed to the office already, so nothing here seals or opens them. */
import type { BundleChange, BundleStore, StoredBundle } from './bundle';
import type { Disk } from './disk';
import { requireNotWiped } from './wiping';

export class IndexedBundles implements BundleStore {
  private readonly disk: Disk;

  constructor(disk: Disk) {
    this.disk = disk;
  }

  async all(): Promise<StoredBundle[]> {
    const rows = await this.disk.read(
      ['bundles'],
      async (tx) => await tx.objectStore('bundles').getAll(),
    );
    return rows
      .sort((one, other) => one.place - other.place)
      .map(({ digest, raw, origin, addedAt, covers, heldAt, code }) => {
        return { digest, raw, origin, addedAt, covers, heldAt, code };
      });
  }

  async add(bundles: readonly StoredBundle[]): Promise<number> {
    return await this.disk.write(['bundles', 'wiped'], async (tx) => {
      await requireNotWiped(tx);
      const store = tx.objectStore('bundles');
      let place = Math.max(0, ...(await store.getAll()).map((row) => row.place));
      let added = 0;
      for (const bundle of bundles) {
        if ((await store.getKey(bundle.digest)) !== undefined) continue;
        place++;
        added++;
        await store.add({ ...bundle, place });
      }
      return added;
    });
  }

  async change(digest: string, change: BundleChange): Promise<void> {
    await this.disk.write(['bundles'], async (tx) => {
      const row = await tx.objectStore('bundles').get(digest);
      if (row !== undefined) await tx.objectStore('bundles').put({ ...row, ...change });
    });
  }

  async drop(digests: readonly string[]): Promise<void> {
    await this.disk.write(['bundles'], async (tx) => {
      for (const digest of digests) await tx.objectStore('bundles').delete(digest);
    });
  }
}
