/**
 * A disk that can lose power, in the place of IndexedDB: what a connection of the store asks, and
 * no more of it.
 *
 * 1. A transaction sees its own writes only; one that may collide waits for those made before it.
 * 2. It ends by itself when nothing is asked of it any more, and takes no request after that.
 * 3. What has committed lies in a journal until it is on the disk. A strict commit is over only
 *    then, with all that came before it; a relaxed one is over at once, and a crash may take it.
 *
 * It does nothing by itself: whoever drives it picks one of its steps at a time.
 */
import { types } from 'node:util';
import type { IDBPDatabase } from 'idb';
import type { Connection } from '../../src/store/disk';
import { type Schema, upgrade } from '../../src/store/schema';

type Undo = () => void;
type Step = () => void;
type Key = string | number | readonly Key[];

interface Row {
  readonly key: Key;
  readonly value: unknown;
}

export class PowerDisk {
  isFull = false;
  /** The next so many transactions find that the connection is gone. */
  dropped = 0;
  private readonly tables = new Map<string, Table>();
  private journal: Undo[][] = [];
  private begun: Transaction[] = [];

  constructor() {
    const database = {
      createObjectStore: (name: string, { keyPath = null }: { keyPath?: KeyPath } = {}) => {
        const table = new Table(keyPath);
        this.tables.set(name, table);
        return {
          createIndex: (index: string, path: string) => {
            table.indexes.set(index, path);
          },
        };
      },
    };
    upgrade(database as unknown as IDBPDatabase<Schema>, 0, null);
  }

  /** `owner` names the tab, so that it can be killed. */
  connect(owner: object): Connection {
    const connection = {
      transaction: (
        names: string[],
        mode: IDBTransactionMode = 'readonly',
        { durability = 'default' }: IDBTransactionOptions = {},
      ) => {
        if (this.dropped > 0) {
          this.dropped--;
          throw new DOMException('the connection is gone', 'InvalidStateError');
        }
        const asked = { owner, names, mode, isStrict: durability === 'strict' };
        const transaction = new Transaction(asked, this.tables);
        this.begun.push(transaction);
        return transaction;
      },
      close: () => undefined,
    };
    return connection as unknown as Connection;
  }

  /** What can happen next. */
  steps(): Step[] {
    const ready = this.begun.filter(
      (one, place) => !this.begun.slice(0, place).some((earlier) => earlier.collides(one)),
    );
    return ready.map((transaction) => () => {
      this.advance(transaction);
    });
  }

  /** How many transactions have committed and are not on the disk yet. */
  get pending(): number {
    return this.journal.length;
  }

  /** Loses power: of what is pending, the first `kept` stay. */
  crash(kept: number): void {
    for (const { undo } of this.begun.toReversed()) {
      undo(); // A commit that is being flushed has left its undoing to the journal.
    }
    this.begun = [];
    for (const transaction of this.journal.splice(kept).toReversed()) {
      for (const undo of transaction.toReversed()) undo();
    }
    this.journal = [];
  }

  /** Ends what a tab has begun, as a browser does with a tab that is gone. */
  kill(owner: object): void {
    for (const one of this.begun.toReversed()) {
      if (one.asked.owner === owner && one.phase === 'active') one.undo();
    }
    this.begun = this.begun.filter((one) => one.asked.owner !== owner || one.phase !== 'active');
  }

  copy(): PowerDisk {
    const twin = new PowerDisk();
    for (const [name, table] of this.tables) twin.tables.get(name)?.fill(table);
    return twin;
  }

  /** All rows of all tables, for checks. */
  rows(): unknown[] {
    return [...this.tables.values()].flatMap((table) => table.all());
  }

  /** Lets a row become another by itself, as a worn disk does. */
  change(table: string, key: Key, deed: (value: unknown) => unknown): void {
    const row = this.tables.get(table)?.get(key);
    if (row === undefined) throw new DOMException(table, 'NotFoundError');
    this.tables.get(table)?.set(key, { ...row, value: deed(row.value) });
  }

  private advance(transaction: Transaction): void {
    if (transaction.phase === 'flushing') {
      this.journal = [];
      transaction.finish();
    } else if (!transaction.answerRequests()) {
      const isTooMuch = this.isFull && transaction.hasWritten;
      if (isTooMuch) transaction.fail(new DOMException('the disk is full', 'QuotaExceededError'));
      else if (transaction.hasWritten) this.journal.push(transaction.commit());
      else transaction.finish();
    }
    this.begun = this.begun.filter(({ phase }) => phase !== 'over');
  }
}

interface Asked {
  readonly owner: object;
  readonly names: readonly string[];
  readonly mode: IDBTransactionMode;
  readonly isStrict: boolean;
}

class Transaction {
  readonly asked: Asked;
  readonly done: Promise<void>;
  phase: 'active' | 'flushing' | 'over' = 'active';
  private readonly tables: ReadonlyMap<string, Table>;
  private requests: (() => void)[] = [];
  private undoing: Undo[] = [];
  private finished!: () => void;
  private failed!: (why: unknown) => void;

  constructor(asked: Asked, tables: ReadonlyMap<string, Table>) {
    this.asked = asked;
    this.tables = tables;
    this.done = new Promise((resolve, reject) => {
      this.finished = resolve;
      this.failed = reject;
    });
    // Who only reads need not listen to how it ends.
    this.done.catch(() => undefined);
  }

  get hasWritten(): boolean {
    return this.undoing.length > 0;
  }

  readonly undo = (): void => {
    for (const undo of this.undoing.toReversed()) undo();
    this.undoing = [];
  };

  collides(later: Transaction): boolean {
    const isWriting = [this, later].some(({ asked }) => asked.mode !== 'readonly');
    return isWriting && this.asked.names.some((name) => later.asked.names.includes(name));
  }

  objectStore(name: string): ObjectStore {
    const table = this.asked.names.includes(name) ? this.tables.get(name) : undefined;
    if (table === undefined) throw new DOMException(name, 'NotFoundError');
    return new ObjectStore(this, table);
  }

  abort(): void {
    if (this.phase !== 'active') throw new DOMException('over', 'InvalidStateError');
    this.fail(new DOMException('aborted', 'AbortError'));
  }

  /** Whether anything was asked. */
  answerRequests(): boolean {
    const { requests } = this;
    this.requests = [];
    for (const answer of requests) answer();
    return requests.length > 0;
  }

  async ask<T>(answer: (undoing: Undo[]) => T): Promise<T> {
    if (this.phase !== 'active') throw new DOMException('over', 'TransactionInactiveError');
    return await new Promise((resolve, reject) => {
      this.requests.push(() => {
        if (this.phase !== 'active') {
          reject(new DOMException('aborted', 'AbortError'));
          return;
        }
        try {
          resolve(answer(this.undoing));
        } catch (fault) {
          reject(fault instanceof Error ? fault : new Error(String(fault)));
          this.fail(fault);
        }
      });
    });
  }

  /** Gives what undoes it. */
  commit(): Undo[] {
    const undoing = this.undoing;
    this.undoing = [];
    if (this.asked.isStrict) this.phase = 'flushing';
    else this.finish();
    return undoing;
  }

  finish(): void {
    this.phase = 'over';
    this.finished();
  }

  fail(why: unknown): void {
    this.undo();
    this.phase = 'over';
    this.failed(why);
    this.answerRequests();
  }
}

type KeyPath = string | readonly string[] | null;

class Table {
  readonly indexes = new Map<string, string>();
  private readonly keyPath: KeyPath;
  private rows = new Map<string, Row>();

  constructor(keyPath: KeyPath) {
    this.keyPath = keyPath;
  }

  fill(other: Table): void {
    this.rows = new Map(other.rows);
  }

  keyOf(value: unknown, key: Key | undefined): Key {
    if (this.keyPath === null) {
      if (key === undefined) throw new DOMException('no key', 'DataError');
      return key;
    }
    const from = value as Readonly<Record<string, Key>>;
    const part = (name: string): Key => {
      const found = from[name];
      if (found === undefined) throw new DOMException('no key', 'DataError');
      return found;
    };
    return typeof this.keyPath === 'string' ? part(this.keyPath) : this.keyPath.map(part);
  }

  all(): unknown[] {
    return [...this.rows.values()].map(({ value }) => value);
  }

  get(key: Key): Row | undefined {
    return this.rows.get(written(key));
  }

  /** Rows in the order of their keys, where a row fits. */
  within(query: unknown, fits: (row: Row) => boolean = () => true): Row[] {
    const only = onlyKey(query);
    if (only !== null) {
      const row = this.rows.get(only);
      return row !== undefined && fits(row) ? [row] : [];
    }
    const isIn = matching(query);
    const found: [string, Row][] = [];
    for (const one of this.rows) if (isIn(one[0]) && fits(one[1])) found.push(one);
    return found.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  }

  /** Puts a row, or takes one away; gives what undoes it. */
  set(key: Key, row: Row | undefined): Undo {
    const place = written(key);
    const before = this.rows.get(place);
    const put = (one: Row | undefined): void => {
      if (one === undefined) this.rows.delete(place);
      else this.rows.set(place, one);
    };
    put(row);
    return () => {
      put(before);
    };
  }
}

class ObjectStore {
  private readonly transaction: Transaction;
  private readonly table: Table;

  constructor(transaction: Transaction, table: Table) {
    this.transaction = transaction;
    this.table = table;
  }

  async get(query: Key | IDBKeyRange): Promise<unknown> {
    return await this.transaction.ask(() => copied(this.table.within(query)[0]?.value));
  }

  async getKey(query: Key | IDBKeyRange): Promise<Key | undefined> {
    return await this.transaction.ask(() => this.table.within(query)[0]?.key);
  }

  async getAll(query?: unknown, count = Infinity): Promise<unknown[]> {
    return await this.transaction.ask(() => values(this.table.within(query), count));
  }

  async getAllKeys(query?: unknown, count = Infinity): Promise<Key[]> {
    return await this.transaction.ask(() =>
      this.table
        .within(query)
        .slice(0, count)
        .map(({ key }) => key),
    );
  }

  async count(query?: unknown): Promise<number> {
    return await this.transaction.ask(() => this.table.within(query).length);
  }

  async put(value: unknown, key?: Key): Promise<Key> {
    const row = copied(value);
    return await this.write((undoing) => {
      const place = this.table.keyOf(row, key);
      undoing.push(this.table.set(place, { key: place, value: row }));
      return place;
    });
  }

  async add(value: unknown, key?: Key): Promise<Key> {
    const row = copied(value);
    return await this.write((undoing) => {
      const place = this.table.keyOf(row, key);
      if (this.table.get(place) !== undefined) {
        throw new DOMException('the key is taken', 'ConstraintError');
      }
      undoing.push(this.table.set(place, { key: place, value: row }));
      return place;
    });
  }

  async delete(query: Key | IDBKeyRange): Promise<void> {
    await this.write((undoing) => {
      for (const { key } of this.table.within(query)) undoing.push(this.table.set(key, undefined));
    });
  }

  async clear(): Promise<void> {
    await this.delete(undefined as unknown as IDBKeyRange);
  }

  index(name: string): Index {
    const path = this.table.indexes.get(name);
    if (path === undefined) throw new DOMException(name, 'NotFoundError');
    return new Index(this.transaction, this.table, path);
  }

  private async write<T>(deed: (undoing: Undo[]) => T): Promise<T> {
    if (this.transaction.asked.mode === 'readonly') {
      throw new DOMException('only for reading', 'ReadOnlyError');
    }
    return await this.transaction.ask(deed);
  }
}

class Index {
  private readonly transaction: Transaction;
  private readonly table: Table;
  private readonly path: string;

  constructor(transaction: Transaction, table: Table, path: string) {
    this.transaction = transaction;
    this.table = table;
    this.path = path;
  }

  async getAll(query: unknown, count = Infinity): Promise<unknown[]> {
    return await this.transaction.ask(() => values(this.rowsOf(query), count));
  }

  async getAllKeys(query: unknown): Promise<Key[]> {
    return await this.transaction.ask(() => this.rowsOf(query).map(({ key }) => key));
  }

  async count(query: unknown): Promise<number> {
    return await this.transaction.ask(() => this.rowsOf(query).length);
  }

  private rowsOf(query: unknown): Row[] {
    const isIn = matching(query);
    return this.table.within(undefined, ({ value }) => {
      const key = (value as Readonly<Record<string, Key | undefined>>)[this.path];
      return key !== undefined && isIn(written(key));
    });
  }
}

/**
 * What lies on a disk is nobody's object. Plain data, which all rows are, is copied by hand: that is
 * ten times quicker than a structured clone, which takes the rest, or refuses it.
 */
function copied<T>(value: T): T;
function copied(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return structuredClone(value);
  if (typeof value !== 'object' || value === null) return value;
  const kind: unknown = types.isProxy(value) ? null : Object.getPrototypeOf(value);
  if (kind === Array.prototype) return (value as readonly unknown[]).map((one) => copied(one));
  if (kind === Uint8Array.prototype) return copiedBytes(value as Uint8Array);
  if (kind !== Object.prototype) return structuredClone(value);
  const copy: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) copy[name] = copied(part);
  return copy;
}

/** With all of the memory that they are a part of, as a structured clone has them. */
function copiedBytes(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = bytes;
  if (buffer.byteLength === length) return bytes.slice();
  return new Uint8Array(buffer.slice(0), byteOffset, length);
}

function values(rows: readonly Row[], count: number): unknown[] {
  return rows.slice(0, count).map(({ value }) => copied(value));
}

/** The one key that is asked for, as text; null where it is a range, or all. */
function onlyKey(query: unknown): string | null {
  const isOne = query !== undefined && query !== null && !(query instanceof IDBKeyRange);
  return isOne ? written(query as Key) : null;
}

function matching(query: unknown): (place: string) => boolean {
  if (query === undefined || query === null) return () => true;
  if (query instanceof IDBKeyRange) {
    const lower = query.lower === undefined ? null : written(query.lower as Key);
    const upper = query.upper === undefined ? null : written(query.upper as Key);
    return (place) =>
      (lower === null || (query.lowerOpen ? place > lower : place >= lower)) &&
      (upper === null || (query.upperOpen ? place < upper : place <= upper));
  }
  const only = onlyKey(query);
  return (place) => place === only;
}

/** A key as text, in IndexedDB's own order: numbers, texts, lists. */
function written(key: Key): string {
  if (typeof key === 'string') return `2${key}`;
  if (typeof key === 'number') {
    if (key < 0) throw new DOMException('a key below zero', 'DataError');
    return Number.isFinite(key) ? `1${String(key).padStart(17, '0')}` : '1~';
  }
  return `3${key.map(written).join('\u0000')}`;
}
