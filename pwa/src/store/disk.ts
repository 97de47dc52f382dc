/**
 * The connection to IndexedDB: opened when needed, opened again when the browser took it away.
 *
 * 1. A write is strict (on the disk, not in a buffer) and over only at `complete`.
 * 2. A full disk shows on the transaction's `abort`; who listens to `error` waits for ever.
 * 3. Nothing is awaited inside a transaction but its own requests, or it closes by itself.
 */
import { type IDBPDatabase, type IDBPTransaction, type StoreNames, openDB } from 'idb';
import { StoreFull, StoreUnavailable } from './port';
import { type Schema, VERSION, upgrade } from './schema';

type Names = StoreNames<Schema>[];
export type Reading = IDBPTransaction<Schema, Names>;
export type Writing = IDBPTransaction<Schema, Names, 'readwrite'>;

export class Disk {
  private readonly name: string;
  private opening: Promise<IDBPDatabase<Schema>> | null = null;

  constructor(name: string) {
    this.name = name;
  }

  async read<T>(stores: Names, deed: (transaction: Reading) => Promise<T>): Promise<T> {
    return await this.again(async (database) => await deed(database.transaction(stores)));
  }

  async write<T>(stores: Names, deed: (transaction: Writing) => Promise<T>): Promise<T> {
    return await this.again(async (database) => {
      const transaction = database.transaction(stores, 'readwrite', { durability: 'strict' });
      const [result] = await Promise.all([
        deed(transaction).catch((fault: unknown) => abandon(transaction, fault)),
        transaction.done,
      ]).catch(async (fault: unknown) => {
        // The request says only "aborted"; the transaction knows why.
        throw await transaction.done.then(
          () => fault,
          (why: unknown) => (isNamed(fault, 'AbortError') ? why : fault),
        );
      });
      return result;
    });
  }

  close(): void {
    void this.opening?.then(
      (database) => {
        database.close();
      },
      () => undefined,
    );
    this.opening = null;
  }

  /** Browsers drop connections at will (iOS does it often): one new connection, one more try. */
  private async again<T>(deed: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      return await deed(await this.open());
    } catch (fault) {
      if (!isNamed(fault, 'InvalidStateError')) throw asTrouble(fault);
    }
    this.close();
    try {
      return await deed(await this.open());
    } catch (fault) {
      throw asTrouble(fault);
    }
  }

  private async open(): Promise<IDBPDatabase<Schema>> {
    this.opening ??= openDB<Schema>(this.name, VERSION, {
      upgrade,
      // A newer version of the app in another tab wants to upgrade: do not stand in its way.
      blocking: () => {
        this.close();
      },
      terminated: () => {
        this.opening = null;
      },
    });
    try {
      return await this.opening;
    } catch (fault) {
      this.opening = null;
      throw fault;
    }
  }
}

/** Ends a transaction whose deed failed, so that nothing of it is kept. */
function abandon(transaction: Writing, fault: unknown): never {
  try {
    transaction.abort();
  } catch (already) {
    if (!isNamed(already, 'InvalidStateError')) throw already;
  }
  throw fault;
}

function asTrouble(fault: unknown): unknown {
  if (isNamed(fault, 'QuotaExceededError')) return new StoreFull();
  return fault instanceof DOMException ? new StoreUnavailable(fault.name) : fault;
}

function isNamed(fault: unknown, name: string): boolean {
  return fault instanceof Error && fault.name === name;
}
