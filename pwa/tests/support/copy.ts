/** A phone's whole database, copied as a profile folder is copied, or put back to an old copy. */
import { openDB } from 'idb';
import { newDiskName } from './world';

/** Copies everything into a new database; gives its name. */
export async function copyDisk(from: string, to = newDiskName()): Promise<string> {
  const source = await openDB(from);
  const names = [...source.objectStoreNames];
  const target = await openDB(to, source.version, {
    upgrade: (database) => {
      for (const name of names) {
        const store = source.transaction(name).store;
        const options = store.keyPath === null ? {} : { keyPath: store.keyPath };
        const made = database.createObjectStore(name, options);
        for (const index of store.indexNames) made.createIndex(index, store.index(index).keyPath);
      }
    },
  });
  for (const name of names) {
    const { store } = source.transaction(name);
    const [keys, rows] = await Promise.all([store.getAllKeys(), store.getAll()]);
    const writing = target.transaction(name, 'readwrite');
    for (const [place, row] of rows.entries()) {
      if (writing.store.keyPath === null) await writing.store.put(row, keys[place]);
      else await writing.store.put(row);
    }
    await writing.done;
  }
  source.close();
  target.close();
  return to;
}
