/**
 * What the field app keeps on the phone, and what it asks of whoever keeps it.
 *
 * 1. Every write is durable when its promise resolves: never earlier.
 * 2. What belongs together is one transaction: a sealed draft, a page with its cursor.
 * 3. Whatever says something about a citizen passes through one `Sealing` as bytes.
 * 4. What is unsent is asked of the log and the receipts. There is no queue beside them.
 *
 * It knows no network, no screen, no clock.
 */
import type { Bytes } from '../sync/bytes';
import type { Erasures } from '../sync/erasures';
import type { BundleStore } from './bundle';
import type { CodeStore } from './code';
import type { HandedStore } from './handed';
import type { KeptStore } from './kept';
import type { PhotoStore } from './photo';
import type { DeviceStore } from './stored_device';
import type { DraftStore } from './stored_draft';
import type { LogStore } from './stored_log';
import type { ReceiptStore } from './stored_receipt';
import type { OfferStore, RecordStore, Written } from './stored_record';
import type { SeatStore } from './stored_seat';
import type { VaultTable } from './vault';

export type { Vault, VaultLoss, VaultTable } from './vault';
export type { BundleChange, BundleStore, StoredBundle } from './bundle';
export type { DirectoryEntry, Person } from '../sync/exchange';
export type * from './stored_device';
export type * from './stored_seat';
export type * from './stored_draft';
export type * from './stored_log';
export type * from './stored_receipt';
export type * from './stored_record';
export type * from './stored_damage';
export type * from './handed';
export type * from './kept';
export { feedOf } from './stored_record';

/** Turns what is known of citizens into bytes that may lie on the disk, and back. */
export interface Sealing {
  /**
   * Whose rows are read and written now; those of other vaults are as if they were not here. Empty
   * where there are no vaults, null while none is open.
   */
  readonly vault: string | null;
  seal(clear: Bytes): Promise<Bytes>;
  open(sealed: Bytes): Promise<Bytes>;
  /** A person's signing key as bytes; null where keys lie on the disk as the browser keeps them. */
  sealKey(signer: CryptoKey): Promise<Bytes | null>;
  /** Gives a key that signs and that nobody can read. */
  openKey(sealed: Bytes): Promise<CryptoKey>;
  /** Gives the private half of the vault's inbox: it agrees, and nobody can read it. */
  openInbox(sealed: Bytes): Promise<CryptoKey>;
}

export interface Store
  extends DeviceStore, SeatStore, DraftStore, LogStore, ReceiptStore, RecordStore, OfferStore {
  /**
   * Drops the bodies of the changes of a signed list from the logs, and what they set from the
   * states: both read "erased" from then on. One transaction, with the list's number.
   */
  erase(list: Erasures): Promise<Written>;
  /** Takes a damaged record away for good; of it stays that it was, and when it went. */
  removeDamaged(record: string, leftAt: number): Promise<void>;

  readonly photos: PhotoStore;
  readonly bundles: BundleStore;
  readonly vaults: VaultTable;
  readonly kept: KeptStore;
  readonly handed: HandedStore;
  readonly codes: CodeStore;
}

/** The phone has no room left. Nothing of the write was kept; what lay there before is safe. */
export class StoreFull extends Error {
  readonly code = 'store-full';
  constructor() {
    super('this phone has no room left for the write');
  }
}

/** The phone's store cannot be used: blocked, corrupt, or opened by a newer version of the app. */
export class StoreUnavailable extends Error {
  readonly code = 'store-unavailable';
  constructor(why: string) {
    super(`the phone's store cannot be used: ${why}`);
  }
}

/** One row's bytes are not those that were written. */
export class DamagedRow extends StoreUnavailable {
  constructor() {
    super('a row does not open');
  }
}
