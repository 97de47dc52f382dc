/** Drafts in IndexedDB. */
import { allOf } from './all_rows';
import { good, readNoting } from './damage';
import { tracesOf } from './handed';
import { dropPhotosOf } from './indexed_photos';
import type { Kit } from './kit';
import { type DraftRow, keyOf } from './schema';
import type { Draft, DraftStore } from './stored_draft';
import { requireNotWiped } from './wiping';

export function draftsIn({ disk, sealer, damaged }: Kit): DraftStore {
  async function openDraft(row: DraftRow): Promise<Draft | null> {
    return await readNoting(damaged.drafts, row.id, null, async () => await sealer.openDraft(row));
  }

  /**
   * Writes over the row that stands; false where this vault has none. Whatever ends a draft takes its
   * row along in the same transaction, so that nothing else is asked of the disk at each answer: the
   * mark "saved" waits for it.
   */
  async function overwrite(row: DraftRow): Promise<boolean> {
    let isNone = false;
    const writing = disk.write(['drafts'], async (tx) => {
      const drafts = tx.objectStore('drafts');
      // Asked and written at once: one round trip. To throw undoes the write.
      const [before] = await Promise.all([drafts.get(row.id), drafts.put(row)]);
      isNone = before === undefined || !sealer.isOurs(before);
      if (isNone) throw new Error('no row of this vault to write over');
    });
    return await writing.then(
      () => true,
      (fault: unknown) => {
        if (isNone) return false;
        throw fault;
      },
    );
  }

  return {
    async drafts(): Promise<Draft[]> {
      const rows = await allOf(disk, 'drafts', damaged);
      const ours = rows.filter(sealer.isOurs);
      return good(await Promise.all(ours.map(async (row) => await openDraft(row))));
    },

    async draft(id: string): Promise<Draft | null> {
      const row = await disk.read(
        ['drafts'],
        async (tx) => await tx.objectStore('drafts').get(id),
      );
      return row === undefined || !sealer.isOurs(row) ? null : await openDraft(row);
    },

    async saveDraft(draft: Draft): Promise<void> {
      const row = await sealer.sealDraft(draft);
      if (await overwrite(row)) return;
      const record = keyOf(row.vault ?? '', draft.record);
      await disk.write(['drafts', 'records', 'kept', 'wiped'], async (tx) => {
        const [sealed, traces] = await Promise.all([
          tx.objectStore('records').getKey(record),
          tx.objectStore('kept').count(tracesOf(row.vault ?? '', draft.id)),
          requireNotWiped(tx),
        ]);
        // A save that comes late must not bring back a draft that was sealed meanwhile, nor one that
        // was handed over: it would be in two hands.
        if (sealed !== undefined || traces > 0) return;
        await tx.objectStore('drafts').put(row);
      });
    },

    async dropDraft(id: string): Promise<void> {
      await disk.write(['drafts', 'photos', 'photo_bytes'], async (tx) => {
        await tx.objectStore('drafts').delete(id);
        await dropPhotosOf(tx, id);
      });
      damaged.drafts.delete(id);
    },
  };
}
