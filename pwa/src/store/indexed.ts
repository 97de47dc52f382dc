/**
 * The phone's store in IndexedDB: a room a kind of row, all on one disk.
 *
 * Sealing and opening may take their time, so both happen before or after a transaction, never
 * inside; versions tell whether what was read still stands when it is written.
 */
import { DamagedRows } from './damage';
import { type Connect, Disk } from './disk';
import { IndexedBundles } from './indexed_bundles';
import { IndexedCodes } from './indexed_codes';
import { deviceIn } from './indexed_device';
import { draftsIn } from './indexed_drafts';
import { eraseIn } from './indexed_erasing';
import { handedIn } from './indexed_handed';
import { IndexedKept } from './indexed_kept';
import { logIn } from './indexed_log';
import { offersIn } from './indexed_offers';
import { IndexedPhotos } from './indexed_photos';
import { receiptsIn } from './indexed_receipts';
import { recordsIn } from './indexed_records';
import { seatsIn } from './indexed_seats';
import { IndexedVaults } from './indexed_vaults';
import type { Sealing, Store } from './port';
import { keyOf } from './schema';
import { SealedRows } from './sealed_rows';

export function indexedStore(name: string, sealing: Sealing, connect?: Connect): Store {
  const disk = new Disk(name, connect);
  const [sealer, damaged] = [new SealedRows(sealing), new DamagedRows()];
  const kit = { disk, sealing, sealer, damaged };
  const [records, offers] = [recordsIn(kit), offersIn(kit)];
  const photos = new IndexedPhotos(disk, sealing, sealer, damaged);
  const kept = new IndexedKept(disk, sealing, sealer);
  return {
    ...deviceIn(kit),
    ...seatsIn(kit),
    ...draftsIn(kit),
    ...logIn(kit),
    ...receiptsIn(kit),
    ...records,
    ...offers,
    erase: async (list) => await eraseIn(kit, { records, offers, photos }, list),
    removeDamaged: async (record, leftAt) => {
      // A good one may have taken its place meanwhile.
      if (!damaged.records.has(keyOf(sealer.vault(), record))) return;
      damaged.mended([{ id: await kept.removeDamaged(record, leftAt) }]);
    },
    photos,
    vaults: new IndexedVaults(disk, sealing),
    kept,
    handed: handedIn(kit),
    bundles: new IndexedBundles(disk),
    codes: new IndexedCodes(disk),
  };
}
