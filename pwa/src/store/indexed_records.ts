/** Records in IndexedDB, and how far their feeds were read. */
import { allOf } from './all_rows';
import { type DamagedRows, good, readNoting } from './damage';
import type { Writing } from './disk';
import { readAnew } from './indexed_device';
import type { Kit } from './kit';
import { type OfferRow, type RecordRow, ONLY, keyOf } from './schema';
import type { Damage } from './stored_damage';
import type { Feed, PageWrite, RecordStore, StoredRecord, Written } from './stored_record';
import { requireNotWiped } from './wiping';

export function recordsIn({ disk, sealing, sealer, damaged }: Kit): RecordStore {
  async function openRecord(row: RecordRow): Promise<StoredRecord | null> {
    const { records } = damaged;
    if (records.get(row.id)?.version === row.version) return null;
    return await readNoting(records, row.id, row, async () => await sealer.openRecord(row));
  }

  return {
    async record(id: string): Promise<StoredRecord | null> {
      const key = sealer.key(id);
      if (key === null) return null;
      const [row] = await allOf(disk, 'records', damaged, IDBKeyRange.only(key));
      return row === undefined ? null : await openRecord(row);
    },

    async records(): Promise<StoredRecord[]> {
      // A locked phone starts sooner without reading thousands that it cannot open.
      if (sealing.vault === null) return [];
      const rows = await allOf(disk, 'records', damaged);
      const ours = rows.filter(sealer.isOurs);
      return good(await Promise.all(ours.map(async (row) => await openRecord(row))));
    },

    damage(): Damage {
      return damaged.all(sealing.vault ?? '?');
    },

    setAside(record: StoredRecord): void {
      const id = keyOf(sealer.vault(), record.id);
      damaged.records.set(id, { ...record, id });
    },

    async cursors(): Promise<Map<Feed, number>> {
      return await disk.read(['cursors'], async (tx) => {
        const store = tx.objectStore('cursors');
        const [feeds, cursors] = await Promise.all([store.getAllKeys(), store.getAll()]);
        return new Map(feeds.map((feed, place) => [feed, cursors[place] ?? 0]));
      });
    },

    async applyPage(page: PageWrite): Promise<Written> {
      const rows = await Promise.all(
        page.records.map(async (record) => await sealer.sealRecord(record)),
      );
      const offers = await sealer.sealOffers(page.offers ?? []);
      const vault = sealer.vault();
      const removed = page.removed.map(({ id, version }) => ({ id: keyOf(vault, id), version }));
      const written = await disk.write(
        ['records', 'cursors', 'offers', 'device', 'wiped'],
        async (tx) => {
          await requireNotWiped(tx);
          return await applyPage(tx, { ...page, removed }, rows, offers, damaged);
        },
      );
      if (written === 'written') damaged.mended([...rows, ...removed]);
      return written;
    },

    async forgetCursors(): Promise<void> {
      await disk.write(['cursors', 'device'], readAnew);
    },
  };
}

async function applyPage(
  tx: Writing,
  page: PageWrite,
  rows: readonly RecordRow[],
  offers: readonly OfferRow[],
  damaged: DamagedRows,
): Promise<Written> {
  const records = tx.objectStore('records');
  const device = await tx.objectStore('device').get(ONLY);
  const begun = device?.readAnew ?? 0;
  if ((page.readAnew ?? begun) !== begun) return 'raced';
  for (const row of rows) {
    if (!(await stands(tx, row, damaged))) return 'raced';
  }
  for (const { id, version } of page.removed) {
    if ((await versionOf(tx, id, damaged)) !== version) return 'raced';
  }
  for (const row of rows) await records.put(damaged.inPlaceOf(row));
  for (const { id } of page.removed) await records.delete(id);
  for (const offer of offers) await tx.objectStore('offers').put(offer);
  const cursors = tx.objectStore('cursors');
  if (page.cursor === null) await cursors.delete(page.feed);
  else await cursors.put(page.cursor, page.feed);
  return 'written';
}

/** Whether the record is still the one that the new version was made from. */
export async function stands(tx: Writing, next: RecordRow, damaged: DamagedRows): Promise<boolean> {
  return (await versionOf(tx, next.id, damaged)) === next.version - 1;
}

/** The version of a record as it lies here; 0 where it does not, or cannot be read. */
export async function versionOf(tx: Writing, id: string, damaged: DamagedRows): Promise<number> {
  return await damaged.versionOf(id, async () => {
    return (await tx.objectStore('records').get(id))?.version ?? 0;
  });
}
