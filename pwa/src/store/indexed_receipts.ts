/** Receipts in IndexedDB, and what stands above them. */
import type { Receipt } from '../sync/receipt';
import { allOf } from './all_rows';
import { orElse } from './damage';
import type { Reading } from './disk';
import { above, isWhole } from './indexed_log';
import type { Kit } from './kit';
import type { LinkRow, LogRow } from './schema';
import type { ReceiptStore, Unsent, Witness } from './stored_receipt';

export function receiptsIn({ disk, damaged }: Kit): ReceiptStore {
  return {
    async receipts(): Promise<Receipt[]> {
      return await disk.read(
        ['receipts'],
        async (tx) => await tx.objectStore('receipts').getAll(),
      );
    },

    async saveReceipts(receipts: readonly Receipt[]): Promise<void> {
      await disk.write(['receipts', 'witnesses'], async (tx) => {
        for (const receipt of receipts) {
          const { seat, held, time } = receipt;
          await tx.objectStore('receipts').put(receipt);
          const witnesses = tx.objectStore('witnesses');
          // An office that holds less than it once did has lost what those witnesses saw.
          await witnesses.delete(above(seat, held));
          const first = await witnesses.get([seat, held]);
          if (first === undefined) await witnesses.put({ seat, held, time });
        }
      });
    },

    async witness(seat: number, seq: number): Promise<Witness | null> {
      return await disk.read(['witnesses'], async (tx) => {
        const [first] = await tx.objectStore('witnesses').getAll(above(seat, seq - 1), 1);
        return first ?? null;
      });
    },

    async heldAt(seat: number, time: number): Promise<number> {
      const all = await disk.read(
        ['witnesses'],
        async (tx) => await tx.objectStore('witnesses').getAll(above(seat, 0)),
      );
      return Math.max(0, ...all.filter((one) => one.time <= time).map(({ held }) => held));
    },

    async unsent(): Promise<Unsent[]> {
      const read = async (): Promise<Unsent[]> => {
        return await disk.read(['seats', 'receipts', 'log'], async (tx) => {
          return await unsentOf(tx, async (places) => await tx.objectStore('log').getAll(places));
        });
      };
      return await orElse(read, async () => {
        const log = await allOf(disk, 'log', damaged);
        return await disk.read(['seats', 'receipts'], async (tx) => {
          return await unsentOf(tx, (places) => {
            return Promise.resolve(log.filter(({ seat, seq }) => places.includes([seat, seq])));
          });
        });
      });
    },
  };
}

/** What stands above the receipts. */
async function unsentOf(
  tx: Reading,
  read: (places: IDBKeyRange) => Promise<(LogRow | LinkRow)[]>,
): Promise<Unsent[]> {
  const unsent: Unsent[] = [];
  for (const { seat, isClosed, agreed } of await tx.objectStore('seats').getAll()) {
    if (isClosed === true) continue;
    const receipt = await tx.objectStore('receipts').get(seat);
    const held = Math.min(receipt?.held ?? 0, agreed?.upTo ?? Infinity);
    for (const { seq, record, at } of (await read(above(seat, held))).filter(isWhole)) {
      unsent.push({ seat, seq, record, at });
    }
  }
  return unsent;
}
