/** What a lost life of the office gave, in IndexedDB, on its way back. */
import { good, openOrNull } from './damage';
import { firstRows } from './indexed_log';
import { stands } from './indexed_records';
import type { Kit } from './kit';
import { keyOf } from './schema';
import type { Offer, OfferStore, StoredRecord, Written } from './stored_record';
import { requireNotWiped } from './wiping';

export function offersIn({ disk, sealer, damaged }: Kit): OfferStore {
  return {
    async saveOffers(records: readonly StoredRecord[], offers: readonly Offer[]): Promise<Written> {
      const rows = await Promise.all(records.map(async (record) => await sealer.sealRecord(record)));
      const sealed = await sealer.sealOffers(offers);
      const written = await disk.write(['records', 'offers', 'wiped'], async (tx) => {
        await requireNotWiped(tx);
        for (const row of rows) {
          if (!(await stands(tx, row, damaged))) return 'raced';
        }
        for (const row of rows) await tx.objectStore('records').put(damaged.inPlaceOf(row));
        for (const row of sealed) await tx.objectStore('offers').put(row);
        return 'written' as const;
      });
      if (written === 'written') damaged.mended(rows);
      return written;
    },

    async offers(count: number, bytes: number): Promise<Offer[]> {
      const rows = await disk.read(
        ['offers'],
        async (tx) => await tx.objectStore('offers').getAll(),
      );
      const opened = await Promise.all(
        firstRows(rows.filter(sealer.isOurs).slice(0, count), bytes).map(async (row) => {
          return await openOrNull(async () => await sealer.openOffer(row));
        }),
      );
      return good(opened);
    },

    async dropOffers(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return;
      const vault = sealer.vault();
      await disk.write(['offers'], async (tx) => {
        for (const id of ids) await tx.objectStore('offers').delete(keyOf(vault, id));
      });
    },
  };
}
