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
import type { At } from '../sync/clock';
import type { DirectoryEntry, Person, SignedBytes } from '../sync/exchange';
import type { Erasures } from '../sync/erasures';
import type { Wiping } from '../sync/order';
import type { Value } from '../sync/pack';
import type { Receipt } from '../sync/receipt';
import type { BundleStore } from './bundle';
import type { CodeStep, CodeStore } from './code';
import type { PhotoStore } from './photo';
import type { Vault, VaultTable } from './vault';

export type { Vault, VaultLoss, VaultTable } from './vault';
export type { BundleChange, BundleStore, StoredBundle } from './bundle';
export type { DirectoryEntry, Person } from '../sync/exchange';

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

/**
 * `log-forked`: another log stands at the office under this seat; `log-old`: the office holds more
 * than this phone does; `log-lost`: it lost what this phone has dropped, so the rest does not go on from
 * what it holds; `log-damaged`: a change that the office has not cannot be read here any more, or the
 * key of the seat cannot; `log-refused`: the office cannot take the batch.
 */
export type SeatTrouble = 'log-forked' | 'log-old' | 'log-lost' | 'log-damaged' | 'log-refused';

/**
 * The log that a seat goes on from, since that one parted from the office's.
 *
 * Its changes above `common` are written anew under the new seat, up to `carried` so far.
 */
export interface Continuation {
  readonly seat: number;
  readonly last: number;
  readonly head: Bytes;
  readonly reason: SeatTrouble;
  /** The last change that the office is known to hold of the same log. */
  readonly common: number;
  readonly carried: number;
}

/**
 * A stretch of a log that parted earlier than the seat that goes on from it knew: its changes above
 * `carried`, up to `upTo`, are still to be written anew.
 */
export interface Owed {
  readonly seat: number;
  readonly upTo: number;
  readonly carried: number;
}

/** One person on this phone, with an own key and an own log. */
export interface StoredSeat {
  readonly seat: number;
  /** The number that this phone had when the seat was made; it may have joined anew since. */
  readonly device: number;
  /** Null while the person's vault is locked: nothing can be signed in their name then. */
  readonly keys: CryptoKeyPair | null;
  readonly publicKey: Bytes;
  readonly person: Person;
  readonly areas: readonly string[];
  /** The end of the own log: the seq of the last change and the head of the chain. */
  readonly last: number;
  readonly head: Bytes;
  /** The time of the newest change, so that time never runs backwards in a log. */
  readonly at: At;
  /** Why its log cannot be sent on; null while all is well. */
  readonly trouble: SeatTrouble | null;
  readonly continues: Continuation | null;
  /** The seat that goes on from this one; nothing is appended to this log any more. */
  readonly continuedBy: number | null;
  /** All of it has been carried over: nothing of it waits. */
  readonly isClosed: boolean;
  /** The office's signed word that this person has this seat; absent from an office of version 1. */
  readonly certificate?: SignedBytes | undefined;
  /** Up to which seq its changes were dropped, since a backup covers them. */
  readonly dropped: number;
  /** Of a log that parted: up to where the office of an epoch was seen to hold it. */
  readonly agreed?: Agreed | undefined;
  /** What this seat has to write anew of logs before it, beside what it continues. */
  readonly owed?: readonly Owed[] | undefined;
  /** The vault is open and does not give the key: its row is damaged. */
  readonly hasLostKey?: boolean | undefined;
}

export interface Agreed {
  readonly upTo: number;
  readonly epoch: number;
}

/** A seat as its person has just got it. */
export type NewSeat = Omit<StoredSeat, 'keys' | 'trouble' | 'continuedBy' | 'isClosed' | 'dropped'> & {
  readonly keys: CryptoKeyPair;
};

export type SeatChange = Partial<
  Pick<
    StoredSeat,
    'trouble' | 'areas' | 'continues' | 'isClosed' | 'certificate' | 'agreed' | 'owed'
  >
>;

/** A change in the log of this phone. */
export interface LogEntry {
  readonly seat: number;
  readonly seq: number;
  /** The record's id as hex text. */
  readonly record: string;
  /** The author's time, ms. */
  readonly at: number;
  /** The head of the chain after it. */
  readonly head: Bytes;
  /** The change itself, as it was made. */
  readonly change: Bytes;
  /** What could be saved of a damaged one: it can be carried over, not sent. */
  readonly isSalvaged?: boolean | undefined;
}

/** A change in the log whose row cannot be read; null is what not even the disk tells. */
export interface DamagedEntry {
  readonly seat: number;
  readonly seq: number;
  readonly record: string | null;
  readonly head: Bytes | null;
}

/** What reads of this vault found damaged since the app was opened, and could not replace yet. */
export interface Damage {
  /** `isOwn`: no office has given it, so that none can give it back. */
  readonly records: readonly { readonly id: string; readonly isOwn: boolean }[];
  readonly drafts: readonly string[];
  readonly photos: readonly string[];
  readonly entries: readonly DamagedEntry[];
}

/** Answers on their way to a dossier. Never leaves the phone before it is sealed. */
export interface Draft {
  readonly id: string;
  /** The id that the dossier will have: a UUIDv7 as hex text. */
  readonly record: string;
  readonly seat: number;
  /** The name of the person who takes it. */
  readonly person: string;
  readonly procedure: string;
  readonly catalogueVersion: string;
  readonly area: string;
  /** By whole field name: `answers.child_full_name`, `answers.members.<uuid>.at` … */
  readonly answers: Readonly<Record<string, Value>>;
  /** By document id. */
  readonly papers: Readonly<Record<string, PaperState>>;
  /** Where the person was, for the screen to reopen; its meaning is the screen's. */
  readonly step: string;
  readonly createdAt: number;
  readonly savedAt: number;
  /** The stop where it was begun, and its trip; absent at no stop. */
  readonly stop?: string;
  readonly trip?: string;
}

export interface PaperState {
  readonly state: 'handed_in' | 'checked' | 'missing' | 'not_needed';
  readonly count: number;
}

/**
 * One feed as one person reads it, as text: two people on a phone see different records of an
 * area, so neither may move the other's cursor or delete what the other holds.
 */
export type Feed = `${number}/${string}`;

export function feedOf(seat: number, area: string): Feed {
  return `${seat}/${area}`;
}

/** The office's newest word for a record: in which of its lives, the bytes, the mark on them. */
export interface Given {
  readonly epoch: number;
  /** Null where it is the record's own state, byte for byte. */
  readonly state: Bytes | null;
  /** Empty from an office that marks nothing: it cannot be offered back. */
  readonly mac: Bytes;
  /** Whether it waits among the offers already. */
  readonly isOffered: boolean;
}

/** A state that a lost life of the office gave, on its way back to it. */
export interface Offer {
  readonly id: string;
  readonly state: Bytes;
  readonly mac: Bytes;
}

/** A record as it lies on the phone: the state's own bytes, and why it is held. */
export interface StoredRecord {
  readonly id: string;
  readonly state: Bytes;
  /** The feeds in which it came; empty for one that this phone made and nobody sent back yet. */
  readonly feeds: readonly Feed[];
  /** 1 for a new one. Rises with each write: a writer that saw an older one has to look again. */
  readonly version: number;
  /**
   * The greatest seat that went on from a parted log when this state was taken from the office
   * anew, without that log's branch; 0 where that never was needed.
   */
  readonly renewed: number;
  /** Absent while the office has given none. */
  readonly given?: Given | undefined;
}

/**
 * A change as it is appended: with the seat (its end, and what it continues) and the record that it
 * leads to, and the draft that it ends.
 */
export interface Appended {
  readonly seat: StoredSeat;
  readonly entry: LogEntry;
  readonly record: StoredRecord;
  readonly endsDraft: string | null;
  /** Photos that it names, and those that it makes superfluous, in the same transaction. */
  readonly photos: { readonly names: readonly string[]; readonly drops: readonly string[] };
  /** The number that it uses up, in the same transaction. */
  readonly code?: CodeStep | undefined;
}

/** What a page, or the loss of an area, does to the records of this phone. */
export interface PageWrite {
  readonly feed: Feed;
  /** Null forgets the feed's cursor. */
  readonly cursor: number | null;
  /** `readAnew` when the page was asked for: one from before feeds began again would leave a gap. */
  readonly readAnew?: number;
  readonly records: readonly StoredRecord[];
  /** Records that leave, each with the version that was seen. */
  readonly removed: readonly { readonly id: string; readonly version: number }[];
  /** What the office knew in an earlier life and does not know now. */
  readonly offers?: readonly Offer[];
}

/** `raced`: another tab was faster; nothing was written, look again. */
export type Written = 'written' | 'raced';

export type Unsent = Pick<LogEntry, 'seat' | 'seq' | 'record' | 'at'>;

/** The signed reference data as it was fetched: verified before it is stored. */
export interface StoredReference {
  readonly etag: string;
  readonly message: Bytes;
}

/** When the office took what a receipt covers. */
export interface Witness {
  readonly seat: number;
  readonly held: number;
  readonly time: number;
}

/** What stays of a dossier that has left this phone. */
export interface LeftDossier {
  readonly record: string;
  /** Empty where it never had one. */
  readonly code: string;
  /** ISO civil time with zone; empty where it could not be read and was taken away. */
  readonly sealedAt: string;
  /** The office's time when it left, ms. */
  readonly leftAt: number;
}

/** What is kept for a person beside their dossiers. */
export interface KeptStore {
  /** What a screen keeps for itself until its person is back, by its name; null takes it away. */
  put(name: string, value: Value | null): Promise<void>;
  get(name: string): Promise<Value | null>;
  /** Takes a record and its photos away and leaves the trace, if any, in one transaction. */
  letGo(record: string, version: number, trace: Omit<LeftDossier, 'record'> | null): Promise<Written>;
  left(): Promise<readonly LeftDossier[]>;
  /** Papers that were shared into the app and are in no dossier yet, the oldest first. */
  shared(): Promise<readonly SharedRow[]>;
  sharedCount(): Promise<number>;
  /** When the oldest of them was shared, ms. */
  sharedSince(): Promise<number | null>;
}

/** As the service worker left it: sealed for the inbox of the vault, not by the vault's key. */
export interface SharedRow {
  readonly vault: string;
  readonly name: string;
  readonly sealed: Bytes;
}

export interface Store {
  readonly photos: PhotoStore;

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

  seats(): Promise<readonly StoredSeat[]>;
  /**
   * A new seat; also makes it the seat of the person at work, ends the log that it goes on from,
   * and then forgets all cursors, in the same transaction; and adds the person's vault, where that
   * is new too. Rows go into the vault that is open.
   */
  addSeat(seat: NewSeat, vault?: Vault): Promise<void>;
  changeSeat(seat: number, change: SeatChange): Promise<void>;
  /**
   * A log parted earlier than was known: not after `known`, but after what is agreed now. In one
   * transaction the newest seat that goes on from it owes what lies between, all feeds begin again,
   * and no record counts any more as taken afresh since a seat was renewed.
   */
  partEarlier(seat: number, agreed: Agreed, known: number): Promise<void>;

  drafts(): Promise<readonly Draft[]>;
  draft(id: string): Promise<Draft | null>;
  /** Writes nothing where the draft's record stands already: it was sealed meanwhile. */
  saveDraft(draft: Draft): Promise<void>;
  /** With the photos that were added to it. */
  dropDraft(id: string): Promise<void>;

  /** One transaction: the log's entry, the seat's head, the record's state, the draft's end. */
  append(appended: Appended): Promise<Written>;
  /**
   * The entries of a seat above `after`, oldest first, up to so many changes or bytes; a damaged one
   * is left out, so its number is missing.
   */
  entriesAfter(seat: number, after: number, count: number, bytes: number): Promise<LogEntry[]>;
  /** The head of the own log at a seq; null if the log does not hold it. */
  headAt(seat: number, seq: number): Promise<Bytes | null>;
  /**
   * Drops the bodies of the changes of a signed list from the logs, and what they set from the
   * states: both read "erased" from then on. One transaction, with the list's number.
   */
  erase(list: Erasures): Promise<Written>;
  /** What this phone wrote about a record, in the order of its logs. */
  entriesOf(record: string): Promise<LogEntry[]>;

  /** The newest receipt of each seat. */
  receipts(): Promise<readonly Receipt[]>;
  saveReceipts(receipts: readonly Receipt[]): Promise<void>;
  /** The first receipt that covered a change; null while none does. */
  witness(seat: number, seq: number): Promise<Witness | null>;
  /**
   * Drops the changes of a log up to a seq, and keeps their heads: so a receipt for less can still
   * be weighed. Gives how many it dropped.
   */
  dropEntries(seat: number, upTo: number): Promise<number>;
  /** Up to where receipts of this time or earlier covered a log; 0 if none did. */
  heldAt(seat: number, time: number): Promise<number>;
  /** What stands in the logs above the newest receipts, without opening it. */
  unsent(): Promise<readonly Unsent[]>;

  /** Null also for one whose row is damaged: what comes next takes its place. */
  record(id: string): Promise<StoredRecord | null>;
  /** All that can be read; the others are named in `damage`. */
  records(): Promise<readonly StoredRecord[]>;
  damage(): Damage;
  /** A record that opens and cannot be read: from then on it counts as damaged. */
  setAside(record: StoredRecord): void;
  /** Takes a damaged record away for good; of it stays that it was, and when it went. */
  removeDamaged(record: string, leftAt: number): Promise<void>;
  /** Puts what could be saved of a damaged change in its place; its head stays. */
  salvage(entry: LogEntry): Promise<void>;
  cursors(): Promise<ReadonlyMap<Feed, number>>;
  /** One transaction: records, removals and cursor. */
  applyPage(page: PageWrite): Promise<Written>;
  /** All feeds begin again from the start; pages that are under way are not taken any more. */
  forgetCursors(): Promise<void>;
  /** Puts what the office gave for these records among the offers, in one transaction. */
  saveOffers(records: readonly StoredRecord[], offers: readonly Offer[]): Promise<Written>;
  /** The oldest offers, up to so many states or bytes; the first whatever it weighs. */
  offers(count: number, bytes: number): Promise<readonly Offer[]>;
  dropOffers(ids: readonly string[]): Promise<void>;

  readonly bundles: BundleStore;
  readonly vaults: VaultTable;

  readonly kept: KeptStore;
  readonly codes: CodeStore;

  directory(): Promise<readonly DirectoryEntry[]>;
  saveDirectory(entries: readonly DirectoryEntry[]): Promise<void>;
  reference(): Promise<StoredReference | null>;
  saveReference(reference: StoredReference): Promise<void>;
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
