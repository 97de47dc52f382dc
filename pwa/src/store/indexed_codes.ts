/** Leases and counters in IndexedDB; nothing in them is about a citizen. */
import type { CodeStep, CodeStore, StoredLease } from './code';
import type { Disk, Writing } from './disk';
import { requireNotWiped } from './wiping';

export class IndexedCodes implements CodeStore {
  private readonly disk: Disk;

  constructor(disk: Disk) {
    this.disk = disk;
  }

  async leases(): Promise<StoredLease[]> {
    return await this.disk.read(
      ['leases'],
      async (tx) => await tx.objectStore('leases').getAll(),
    );
  }

  async add(leases: readonly StoredLease[]): Promise<number> {
    return await this.disk.write(['leases', 'wiped'], async (tx) => {
      await requireNotWiped(tx);
      let added = 0;
      for (const lease of leases) {
        if ((await tx.objectStore('leases').getKey(lease.lease)) !== undefined) continue;
        await tx.objectStore('leases').add(lease);
        added++;
      }
      return added;
    });
  }

  async noteTold(told: ReadonlyMap<number, number>): Promise<void> {
    await this.disk.write(['leases'], async (tx) => {
      for (const [lease, highest] of told) {
        const row = await tx.objectStore('leases').get(lease);
        if (row !== undefined) await tx.objectStore('leases').put({ ...row, told: highest });
      }
    });
  }

  async counters(): Promise<Map<number, number>> {
    const rows = await this.disk.read(
      ['code_counters'],
      async (tx) => await tx.objectStore('code_counters').getAll(),
    );
    return new Map(rows.map(({ day, last }) => [day, last]));
  }
}

/** Whether nobody has used the number up meanwhile. */
export async function isFree(tx: Writing, step: CodeStep | undefined): Promise<boolean> {
  if (step === undefined) return true;
  if (step.kind === 'official') {
    const row = await tx.objectStore('leases').get(step.lease);
    return row !== undefined && (row.used[step.day] ?? 0) < step.ordinal;
  }
  return ((await tx.objectStore('code_counters').get(step.day))?.last ?? 0) < step.counter;
}

/** Uses the number up, in the transaction that writes the change which carries it. */
export async function useUp(tx: Writing, step: CodeStep | undefined): Promise<void> {
  if (step === undefined) return;
  if (step.kind === 'provisional') {
    await tx.objectStore('code_counters').put({ day: step.day, last: step.counter });
    return;
  }
  const row = await tx.objectStore('leases').get(step.lease);
  if (row === undefined) return;
  const used = { ...row.used, [step.day]: step.ordinal };
  await tx.objectStore('leases').put({ ...row, used });
}
