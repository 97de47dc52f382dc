/**
 * The rows of the phone's database. Whatever says something about a citizen lies in `sealed`.
 *
 * A new version adds a step to `upgrade`; it never rewrites one, and never drops a log.
 */
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { Bytes } from '../sync/bytes';
import type { DirectoryEntry } from '../sync/exchange';
import type { Receipt } from '../sync/receipt';
import type { StoredLease } from './code';
import type { PhotoBytesRow, PhotoPart, PhotoRow } from './photo';
import type {
  Feed,
  StoredBundle,
  StoredDevice,
  StoredReference,
  StoredSeat,
  Vault,
  WipeMark,
  Witness,
} from './port';

export const VERSION = 7;

/** The key of a row that is the only one of its store. */
export const ONLY = 'only';

/** In which vault a row is sealed; absent in rows that lie clear, from before there were vaults. */
export interface OfVault {
  readonly vault?: string;
}

export interface DraftRow extends OfVault {
  readonly id: string;
  readonly sealed: Bytes;
}

/** A seat as version 1 wrote it, too: what came later may be missing. */
export type SeatRow = Omit<StoredSeat, Later | 'keys'> &
  Partial<Pick<StoredSeat, Later>> &
  OfVault & {
    /** As the browser keeps them, from before there were vaults. */
    readonly keys?: CryptoKeyPair;
    /** The private key, sealed in the vault. */
    readonly sealedKey?: Bytes;
  };
type Later = 'continues' | 'continuedBy' | 'isClosed' | 'dropped';

export interface LogRow extends OfVault {
  readonly seat: number;
  readonly seq: number;
  readonly record: string;
  readonly at: number;
  readonly head: Bytes;
  readonly sealed: Bytes;
  /** Not as it was made: what could be saved of it. */
  readonly isSalvaged?: boolean;
}

/** What is left of a change that was dropped: so it is in no index, and says nothing. */
export type LinkRow = Pick<LogRow, 'seat' | 'seq' | 'at' | 'head'>;

export interface RecordRow extends OfVault {
  /** With the vault before it (`keyOf`): two people here may hold the same record. */
  readonly id: string;
  readonly feeds: readonly Feed[];
  readonly version: number;
  /** Missing in rows of version 1. */
  readonly renewed?: number;
  readonly sealed: Bytes;
  readonly given?: GivenRow | undefined;
}

export interface GivenRow {
  readonly epoch: number;
  readonly mac: Bytes;
  readonly isOffered: boolean;
  readonly sealed: Bytes | null;
}

export interface OfferRow extends OfVault {
  /** As a record's. */
  readonly id: string;
  readonly mac: Bytes;
  readonly sealed: Bytes;
}

export interface KeptRow {
  readonly vault: string;
  readonly name: string;
  /** By the vault's key; what others put in (`shared/…`, `handed/…`) for the vault's inbox. */
  readonly sealed: Bytes;
}

/** The key of a record or an offer among those of all vaults. */
export function keyOf(vault: string, id: string): string {
  return vault === '' ? id : `${vault}/${id}`;
}

/** The id of a row within such a key. */
export function idIn({ id, vault }: OfVault & { readonly id: string }): string {
  return vault === undefined ? id : id.slice(vault.length + 1);
}

/** `place` rises: bundles go in the order in which they came. */
export type BundleRow = StoredBundle & { readonly place: number };

/** The last counter of a provisional code for a day, counted from 1970. */
export interface CounterRow {
  readonly day: number;
  readonly last: number;
}

export interface Schema extends DBSchema {
  device: { key: string; value: StoredDevice };
  seats: { key: number; value: SeatRow };
  drafts: { key: string; value: DraftRow };
  log: { key: [number, number]; value: LogRow | LinkRow; indexes: { record: string } };
  receipts: { key: number; value: Receipt };
  witnesses: { key: [number, number]; value: Witness };
  records: { key: string; value: RecordRow };
  cursors: { key: Feed; value: number };
  directory: { key: number; value: DirectoryEntry };
  reference: { key: string; value: StoredReference };
  wiped: { key: string; value: WipeMark };
  bundles: { key: string; value: BundleRow };
  offers: { key: string; value: OfferRow };
  photos: { key: string; value: PhotoRow; indexes: { record: string; draft: string } };
  photo_bytes: { key: [string, PhotoPart]; value: PhotoBytesRow };
  vaults: { key: string; value: Vault };
  kept: { key: [string, string]; value: KeptRow };
  leases: { key: number; value: StoredLease };
  code_counters: { key: number; value: CounterRow };
}

type Upgrading = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

export function upgrade(
  database: IDBPDatabase<Schema>,
  from: number,
  to: number | null,
  transaction?: Upgrading,
): void {
  const end = to ?? VERSION;
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
  if (from < 2 && end >= 2) database.createObjectStore('wiped');
  if (from < 3 && end >= 3) database.createObjectStore('bundles', { keyPath: 'digest' });
  if (from < 4 && end >= 4) {
    database.createObjectStore('offers', { keyPath: 'id' });
    if (from > 0 && transaction !== undefined) {
      // A failure ends the transaction, and with it the upgrade: the older version stays whole.
      readAllOnceMore(transaction).catch(() => {
        transaction.abort();
      });
    }
  }
  if (from < 5 && end >= 5) {
    const photos = database.createObjectStore('photos', { keyPath: 'id' });
    photos.createIndex('record', 'record');
    photos.createIndex('draft', 'draft');
    database.createObjectStore('photo_bytes', { keyPath: ['id', 'part'] });
  }
  if (from < 6 && end >= 6) {
    database.createObjectStore('vaults', { keyPath: 'id' });
    database.createObjectStore('kept', { keyPath: ['vault', 'name'] });
  }
  if (from < 7 && end >= 7) {
    database.createObjectStore('leases', { keyPath: 'lease' });
    database.createObjectStore('code_counters', { keyPath: 'day' });
  }
}

/**
 * The office marks the states that it gives; those that lie here came without. So the feeds are
 * read once more, and what lies here counts as given in this epoch.
 */
async function readAllOnceMore(transaction: Upgrading): Promise<void> {
  const device = await transaction.objectStore('device').get(ONLY);
  const records = transaction.objectStore('records');
  for (const row of await records.getAll()) {
    if (device === undefined || row.feeds.length === 0) continue;
    const given = { epoch: device.epoch, mac: new Uint8Array(), isOffered: false, sealed: null };
    await records.put({ ...row, given });
  }
  await transaction.objectStore('cursors').clear();
}
