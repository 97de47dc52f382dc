/** All rows of a store; what reads them one by one is fetched only where a disk withholds some. */
import type { StoreNames, StoreValue } from 'idb';
import { type DamagedRows, orElse } from './damage';
import type { Disk } from './disk';
import type { Schema } from './schema';

/** All rows of a store that the disk gives out, also where it does not give out some of them. */
export async function allOf<Name extends StoreNames<Schema>>(
  disk: Disk,
  name: Name,
  damaged: DamagedRows,
  range?: IDBKeyRange,
  count?: number,
): Promise<StoreValue<Schema, Name>[]> {
  return await orElse(
    async () => {
      return await disk.read([name], async (tx) => await tx.objectStore(name).getAll(range, count));
    },
    async () => {
      const { oneByOne } = await import('./one_by_one');
      return await oneByOne(disk, name, damaged, range, count);
    },
  );
}
