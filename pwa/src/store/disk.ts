/**
 * The connection to IndexedDB: opened when needed, opened again when the browser took it away.
 *
 * 1. A write is strict (on the disk, not in a buffer) and over only at `complete`.
 * 2. A full disk shows on the transaction's `abort`; who listens to `error` waits for ever.
 * 3. Nothing is awaited inside a transaction but its own requests, or it closes by itself.
 */
import {
  type IDBPDatabase,
  type IDBPTransaction,
  type StoreNames,
  openDB,
} from 'idb';
import { StoreFull, StoreUnavailable } from './port';
import { type Schema, VERSION, upgrade } from './schema';

type Names = StoreNames<Schema>[];
/** What a connection is to the store; `transaction` throws `InvalidStateError` when it is gone. */
export type Connection = Pick<IDBPDatabase<Schema>, 'transaction' | 'close'>;

/** How a connection is made: with the browser's IndexedDB, or with a disk that can lose power. */
export type Connect = (name: string, hooks: Hooks) => Promise<Connection>;

export interface Hooks {
  /** A newer version of the app wants to upgrade: the connection must not stand in its way. */
  readonly blocking: () => void;
  /** The connection is gone. */
  readonly terminated: () => void;
}

export type Reading = IDBPTransaction<Schema, Names>;
export type Writing = IDBPTransaction<Schema, Names, 'readwrite'>;

export class Disk {
  private readonly name: string;
  private readonly connect: Connect;
  private opening: Promise<Connection> | null = null;

  constructor(name: string, connect: Connect = connectIndexedDb) {
    this.name = name;
    this.connect = connect;
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
  private async again<T>(deed: (database: Connection) => Promise<T>): Promise<T> {
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

  private async open(): Promise<Connection> {
    this.opening ??= this.connect(this.name, {
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

async function connectIndexedDb(name: string, hooks: Hooks): Promise<Connection> {
  return await openDB<Schema>(name, VERSION, { upgrade, ...hooks });
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
