/** Reading a disk that does not give out some of its rows: those are noted, and the others read. */
import type { StoreNames, StoreValue } from 'idb';
import { type DamagedRows, UNKNOWN, orElse } from './damage';
import type { Disk } from './disk';
import type { Schema } from './schema';

export async function oneByOne<Name extends StoreNames<Schema>>(
  disk: Disk,
  name: Name,
  damaged: DamagedRows,
  range?: IDBKeyRange,
  count?: number,
): Promise<StoreValue<Schema, Name>[]> {
  const keys = await disk.read(
    [name],
    async (tx) => await tx.objectStore(name).getAllKeys(range, count),
  );
  const rows: StoreValue<Schema, Name>[] = [];
  for (const key of keys) {
    const row = await orElse(
      async () => await disk.read([name], async (tx) => await tx.objectStore(name).get(key)),
      () => {
        noteLost(damaged, name, key);
        return Promise.resolve(undefined);
      },
    );
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** All that is known of such a row is where it lies. */
function noteLost(damaged: DamagedRows, name: string, key: IDBValidKey): void {
  if (typeof key === 'string') {
    // Whether the office has given it nobody can tell; it is asked.
    if (name === 'records') damaged.records.set(key, { id: key, version: UNKNOWN, feeds: ['?'] });
    if (name === 'drafts') damaged.drafts.set(key, null);
    if (name === 'photos') damaged.photos.set(key, null);
  } else if (name === 'log' && Array.isArray(key)) {
    const [seat, seq] = [Number(key[0]), Number(key[1])];
    damaged.log.set(`${seat}/${seq}`, { seat, seq, record: null, head: null });
  }
}
