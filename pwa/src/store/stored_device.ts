/** This phone as it is kept: at its office, at work, or wiped. */
import type { Bytes } from '../sync/bytes';
import type { DirectoryEntry, SignedBytes } from '../sync/exchange';
import type { Wiping } from '../sync/order';

export type ListPurpose = 'revocations' | 'erasures';

export type DeviceStatus = 'pending' | 'confirmed' | 'refused' | 'revoked';

/** What the office said of a change that did not simply take effect; codes, no answers. */
export interface StoredFinding {
  /** The seat that was told. */
  readonly reader: number;
  readonly finding: number;
  readonly kind: string;
  readonly record: string | null;
  readonly seat: number;
  readonly seq: number;
  readonly field: string | null;
  readonly reason: string;
  /** The office's times, ms. */
  readonly raised: number;
  readonly closed: number | null;
  readonly outcome: string;
}

/** This phone at its office. There is one, or none before enrolment. */
export interface StoredDevice {
  readonly office: string;
  readonly officeName: string;
  /** 65 bytes: whose receipts and answers count. */
  readonly officeKey: Bytes;
  readonly epoch: number;
  readonly device: number;
  readonly label: string;
  readonly keys: CryptoKeyPair;
  readonly publicKey: Bytes;
  /** The office's signed word that this phone is its own; shown again after a restore. */
  readonly enrolment: SignedBytes;
  readonly words: readonly string[];
  readonly status: DeviceStatus;
  /** The number of the last request; it is raised durably before a request goes out. */
  readonly lastNumber: number;
  /** The office's time at the last exchange that held, ms; 0 before the first. */
  readonly lastExchangeAt: number;
  /** The office's clock minus this phone's, ms. */
  readonly skewMs: number;
  /** The greatest seat that the directory names. */
  readonly directoryUpTo: number;
  /** The seat of the person at work, null when nobody is signed in. */
  readonly seat: number | null;
  readonly workOffline: boolean;
  /** When the vault locks by itself, ms without a touch and ms out of sight; absent for the usual. */
  readonly locks?: LockTimes;
  /** The newest that each person was told; phones of older versions have none. */
  readonly findings?: readonly StoredFinding[];
  /** Days that a change stays here after the office took it, also when a backup covers it. */
  readonly logDays?: number;
  /** Days after which a dossier leaves that needs nothing more here; absent for the usual. */
  readonly leaveDays?: number;
  /** Damaged records, by their ids, for which all feeds were begun anew. */
  readonly askedAgain?: readonly string[];
  /** The order of the office that this phone heeds, once it has one. */
  readonly order?: HeededOrder;
  /** Whether the office has to be shown all papers: it did not know us, or begins anew. */
  readonly papersDue?: boolean;
  /** How often all feeds began again from the start; absent for never. */
  readonly readAnew?: number;
  /** The newest signed lists, by their purpose. */
  readonly lists?: Readonly<Partial<Record<ListPurpose, SignedBytes>>>;
  /** The number of the newest list of erasures that was heeded; absent for none. */
  readonly erasures?: number;
  /** The least version of the app that the office gives data to, as it last said. */
  readonly minVersion?: string;
  /** Where people of this phone receive others at present; phones of older versions have none. */
  readonly shifts?: readonly Shift[];
  /** What the office was told of waking people here; absent where nobody wishes it. */
  readonly push?: PushTold;
}

/** The browser's address, the office's key that it is bound to (hex), and for which seats. */
export interface PushTold {
  readonly endpoint: string;
  readonly key: string;
  readonly seats: readonly number[];
}

/** One person's shift at a stop: both by their record's id. */
export interface Shift {
  readonly seat: number;
  readonly stop: string;
  readonly trip: string | null;
  readonly startedAt: number;
}

export interface LockTimes {
  readonly untouchedMs: number;
  readonly hiddenMs: number;
}

/** What a revoked phone was ordered to do; only a greater number is heeded after it. */
export interface HeededOrder {
  readonly number: number;
  readonly action: Wiping;
  /** When the office gave it, ms. */
  readonly time: number;
}

/** All that is left of a phone that its office has wiped; nothing in it is about a citizen. */
export interface WipeMark {
  readonly officeName: string;
  /** When the office ordered it, and when it was done, ms. */
  readonly orderedAt: number;
  readonly wipedAt: number;
  /** What no receipt covered: changes, and drafts. */
  readonly changes: number;
  readonly drafts: number;
  /** Photos of sealed dossiers that the office has not; left out by a wipe of an older app. */
  readonly photos?: number;
  /** False while something outside this store may still have to go. */
  readonly isDone: boolean;
}

/** `unsent`: something stands above the receipts; nothing was done. */
export type Wiped = 'wiped' | 'unsent' | 'not-enrolled';

/** The signed reference data as it was fetched: verified before it is stored. */
export interface StoredReference {
  readonly etag: string;
  readonly message: Bytes;
}

export interface DeviceStore {
  device(): Promise<StoredDevice | null>;
  /** Changes the device's row as it is now, in one transaction; null if there is none. */
  changeDevice(change: (now: StoredDevice) => StoredDevice): Promise<StoredDevice | null>;
  /** A new phone at an office; what was left of a wiped one is forgotten. */
  saveDevice(device: StoredDevice): Promise<void>;
  /**
   * Takes everything away and leaves a mark, in one transaction: a write under way ends before it,
   * and one that comes after it is refused. `hand-in` does nothing while this phone's own logs
   * stand above the receipts.
   */
  wipe(action: Wiping, orderedAt: number, now: number): Promise<Wiped>;
  /** What is left of a wiped phone, until it joins anew. */
  wiped(): Promise<WipeMark | null>;
  endWipe(): Promise<void>;
  directory(): Promise<readonly DirectoryEntry[]>;
  saveDirectory(entries: readonly DirectoryEntry[]): Promise<void>;
  reference(): Promise<StoredReference | null>;
  saveReference(reference: StoredReference): Promise<void>;
}
