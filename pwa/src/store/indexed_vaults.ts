/** Vaults in IndexedDB, and what is done to all that one of them holds. */
import type { StoreNames } from 'idb';
import { claim } from './claiming';
import type { Disk, Writing } from './disk';
import { HANDED, HANDED_PHOTO } from './handed';
import { SHARED } from './indexed_kept';
import { namesWith } from './names';
import type { Sealing, StoredBundle, Vault, VaultLoss, VaultTable } from './port';
import type { OfVault, Schema } from './schema';
import { requireNotWiped } from './wiping';

/** The stores whose rows are sealed, each row saying in which vault. */
const SEALED = ['drafts', 'log', 'records', 'offers', 'photos', 'photo_bytes', 'kept'] as const;

export class IndexedVaults implements VaultTable {
  private readonly disk: Disk;
  private readonly sealing: Sealing;

  constructor(disk: Disk, sealing: Sealing) {
    this.disk = disk;
    this.sealing = sealing;
  }

  async all(): Promise<Vault[]> {
    return await this.disk.read(
      ['vaults'],
      async (tx) => await tx.objectStore('vaults').getAll(),
    );
  }

  async change(id: string, change: (now: Vault) => Vault): Promise<Vault | null> {
    return await this.disk.write(['vaults'], async (tx) => {
      const now = await tx.objectStore('vaults').get(id);
      if (now === undefined) return null;
      const changed = change(now);
      await tx.objectStore('vaults').put(changed);
      return changed;
    });
  }

  async add(vault: Vault): Promise<void> {
    await this.disk.write(['vaults', 'wiped'], async (tx) => {
      await requireNotWiped(tx);
      await tx.objectStore('vaults').add(vault);
    });
  }

  async claim(vault: Vault): Promise<void> {
    await claim(this.disk, this.sealing, vault);
  }

  async lossOf(id: string): Promise<VaultLoss> {
    const names = ['seats', 'receipts', 'bundles', 'drafts', 'photos', 'kept'] as const;
    return await this.disk.read([...names], async (tx) => {
      const bundles = await tx.objectStore('bundles').getAll();
      let changes = 0;
      for (const { seat, last, isClosed, ...row } of await tx.objectStore('seats').getAll()) {
        if (!isOf(row, id) || isClosed === true) continue;
        const held = (await tx.objectStore('receipts').get(seat))?.held ?? 0;
        changes += Math.max(last - Math.max(held, ...bundles.map(coverOf(seat))), 0);
      }
      const drafts = (await tx.objectStore('drafts').getAll()).filter((row) => isOf(row, id));
      const photos = (await tx.objectStore('photos').getAll()).filter((row) => isOf(row, id));
      const unsent = photos.filter(({ stage }) => stage !== 'held');
      const waiting = async (prefix: string): Promise<number> =>
        await tx.objectStore('kept').count(namesWith(id, prefix));
      return {
        changes,
        drafts: drafts.length + (await waiting(HANDED)),
        photos: unsent.length + (await waiting(SHARED)) + (await waiting(HANDED_PHOTO)),
      };
    });
  }

  async forget(id: string): Promise<void> {
    await this.disk.write([...SEALED, 'seats', 'vaults', 'cursors'], async (tx) => {
      for (const name of SEALED) await deleteRows(tx, name, id);
      await deleteRows(tx, 'seats', id);
      await tx.objectStore('vaults').delete(id);
    });
  }
}

/** Up to where a bundle carries a person's log. */
function coverOf(seat: number): (bundle: StoredBundle) => number {
  return ({ covers }) => (covers?.seat === seat ? covers.last : 0);
}

function isOf({ vault }: OfVault, id: string): boolean {
  return vault === id;
}

async function deleteRows(tx: Writing, name: StoreNames<Schema>, vault: string): Promise<void> {
  const store = tx.objectStore(name);
  for (let at = await store.openCursor(); at !== null; at = await at.continue()) {
    if (isOf(at.value as OfVault, vault)) await at.delete();
  }
}
