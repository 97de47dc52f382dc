/** The logs of this phone in IndexedDB, each change with the record that it leads to. */
import type { Bytes } from '../sync/bytes';
import { allOf } from './all_rows';
import { type DamagedRows, good, orElse, readNoting } from './damage';
import type { Writing } from './disk';
import { isFree, useUp } from './indexed_codes';
import { namePhotos } from './indexed_photos';
import { stands } from './indexed_records';
import type { Kit } from './kit';
import type { LinkRow, LogRow, RecordRow } from './schema';
import type { Appended, LogEntry, LogStore } from './stored_log';
import type { Written } from './stored_record';
import { requireNotWiped } from './wiping';

export function logIn(kit: Kit): LogStore {
  const { disk, sealer, damaged } = kit;
  async function rowsOf(record: string): Promise<(LogRow | LinkRow)[]> {
    return await orElse(
      async () => {
        return await disk.read(
          ['log'],
          async (tx) => await tx.objectStore('log').index('record').getAll(record),
        );
      },
      async () => {
        const all = await allOf(disk, 'log', damaged);
        return all.filter((row) => isWhole(row) && row.record === record);
      },
    );
  }

  return {
    async append(appended: Appended): Promise<Written> {
      const logRow = await sealer.sealEntry(appended.entry);
      const recordRow = await sealer.sealRecord(appended.record);
      const written = await disk.write(
        [
          ...(['seats', 'log', 'records', 'drafts', 'photos', 'photo_bytes', 'wiped'] as const),
          ...(appended.code === undefined ? [] : (['leases', 'code_counters'] as const)),
        ],
        async (tx) => {
          await requireNotWiped(tx);
          return await append(tx, appended, logRow, recordRow, damaged);
        },
      );
      if (written === 'written') damaged.mended([recordRow]);
      return written;
    },

    async entriesAfter(
      seat: number,
      after: number,
      count: number,
      bytes: number,
    ): Promise<LogEntry[]> {
      for (let from = after; ; ) {
        const found = await allOf(disk, 'log', damaged, above(seat, from), count);
        const last = found.at(-1);
        if (last === undefined) return [];
        const whole = firstRows(found.filter(isWhole).filter(sealer.isOurs), bytes);
        const opened = good(await Promise.all(whole.map(async (row) => await openEntry(kit, row))));
        // What was dropped is passed over, it stands before all that was not; so is what is damaged.
        if (opened.length > 0) return opened;
        from = (whole.at(-1) ?? last).seq;
      }
    },

    async salvage(entry: LogEntry): Promise<void> {
      const row = await sealer.sealEntry({ ...entry, isSalvaged: true });
      await disk.write(['log', 'wiped'], async (tx) => {
        await requireNotWiped(tx);
        await tx.objectStore('log').put(row);
      });
      damaged.log.delete(placeOf(entry));
    },

    async headAt(seat: number, seq: number): Promise<Bytes | null> {
      return await disk.read(
        ['log'],
        async (tx) => (await tx.objectStore('log').get([seat, seq]))?.head ?? null,
      );
    },

    async entriesOf(record: string): Promise<LogEntry[]> {
      const rows = await rowsOf(record);
      const ours = rows.filter(isWhole).filter(sealer.isOurs);
      return good(await Promise.all(ours.map(async (row) => await openEntry(kit, row))));
    },

    async dropEntries(seat: number, upTo: number): Promise<number> {
      return await disk.write(['seats', 'log'], async (tx) => {
        const row = await tx.objectStore('seats').get(seat);
        if (row === undefined || upTo <= (row.dropped ?? 0)) return 0;
        const log = tx.objectStore('log');
        const places = IDBKeyRange.bound([seat, row.dropped ?? 0], [seat, upTo], true);
        const whole = (await log.getAll(places)).filter(isWhole);
        for (const { seq, at, head } of whole) await log.put({ seat, seq, at, head });
        await tx.objectStore('seats').put({ ...row, dropped: upTo });
        return whole.length;
      });
    },
  };
}

async function append(
  tx: Writing,
  { seat, entry, endsDraft, photos, code }: Appended,
  logRow: LogRow,
  recordRow: RecordRow,
  damaged: DamagedRows,
): Promise<Written> {
  const seatNow = await tx.objectStore('seats').get(seat.seat);
  // Another seat goes on from this log: whatever were added to it now would not be carried over.
  if (seatNow?.last !== entry.seq - 1 || (seatNow.continuedBy ?? null) !== null) return 'raced';
  if (!(await stands(tx, recordRow, damaged))) return 'raced';
  if (!(await isFree(tx, code))) return 'raced';
  if (!(await namePhotos(tx, photos, entry, endsDraft))) return 'raced';
  await useUp(tx, code);
  await tx.objectStore('log').add(logRow);
  const { last, head, at, continues, owed } = seat;
  await tx.objectStore('seats').put({ ...seatNow, last, head, at, continues, owed });
  await tx.objectStore('records').put(damaged.inPlaceOf(recordRow));
  if (endsDraft !== null) await tx.objectStore('drafts').delete(endsDraft);
  return 'written';
}

/** A place of a log, as a key. */
export function placeOf({ seat, seq }: LinkRow | LogEntry): string {
  return `${seat}/${seq}`;
}

/** Whether a change itself is still there, not its head alone. */
export function isWhole(row: LogRow | LinkRow): row is LogRow {
  return 'sealed' in row;
}

/** The places of a log above a seq. */
export function above(seat: number, seq: number): IDBKeyRange {
  return IDBKeyRange.bound([seat, seq], [seat, Infinity], true);
}

/** As many rows as fit into so many bytes; the first always. */
export function firstRows<Row extends { readonly sealed: Bytes }>(rows: Row[], bytes: number): Row[] {
  let sum = 0;
  return rows.filter(({ sealed }, place) => {
    sum += sealed.length;
    return place === 0 || sum <= bytes;
  });
}

/** A change as it was made; null where its row is damaged. */
export async function openEntry({ sealer, damaged }: Pick<Kit, 'sealer' | 'damaged'>, row: LogRow): Promise<LogEntry | null> {
  return await readNoting(damaged.log, placeOf(row), row, async () => await sealer.openEntry(row));
}
