/**
 * The rows of the phone's database. Whatever says something about a citizen lies in `sealed`.
 *
 * A new version adds a step to `upgrade`; it never rewrites one, and never drops a log.
 */
import type { DBSchema, IDBPDatabase } from 'idb';
import type { Bytes } from '../sync/bytes';
import type { DirectoryEntry } from '../sync/exchange';
import type { Receipt } from '../sync/receipt';
import type { Feed, StoredDevice, StoredReference, StoredSeat, WipeMark, Witness } from './port';

export const VERSION = 2;

/** The key of a row that is the only one of its store. */
export const ONLY = 'only';

export interface DraftRow {
  readonly id: string;
  readonly sealed: Bytes;
}

export interface LogRow {
  readonly seat: number;
  readonly seq: number;
  readonly record: string;
  readonly at: number;
  readonly head: Bytes;
  readonly sealed: Bytes;
}

export interface RecordRow {
  readonly id: string;
  readonly feeds: readonly Feed[];
  readonly version: number;
  readonly sealed: Bytes;
}

export interface Schema extends DBSchema {
  device: { key: string; value: StoredDevice };
  seats: { key: number; value: StoredSeat };
  drafts: { key: string; value: DraftRow };
  log: { key: [number, number]; value: LogRow; indexes: { record: string } };
  receipts: { key: number; value: Receipt };
  witnesses: { key: [number, number]; value: Witness };
  records: { key: string; value: RecordRow };
  cursors: { key: Feed; value: number };
  directory: { key: number; value: DirectoryEntry };
  reference: { key: string; value: StoredReference };
  wiped: { key: string; value: WipeMark };
}

export function upgrade(database: IDBPDatabase<Schema>, from: number): void {
  if (from < 1) {
    database.createObjectStore('device');
    database.createObjectStore('seats', { keyPath: 'seat' });
    database.createObjectStore('drafts', { keyPath: 'id' });
    // The key keeps two tabs from giving one number to two changes.
    const log = database.createObjectStore('log', { keyPath: ['seat', 'seq'] });
    log.createIndex('record', 'record');
    database.createObjectStore('receipts', { keyPath: 'seat' });
    database.createObjectStore('witnesses', { keyPath: ['seat', 'held'] });
    database.createObjectStore('records', { keyPath: 'id' });
    database.createObjectStore('cursors');
    database.createObjectStore('directory', { keyPath: 'seat' });
    database.createObjectStore('reference');
  }
  if (from < 2) database.createObjectStore('wiped');
}
