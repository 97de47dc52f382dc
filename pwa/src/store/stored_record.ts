/** Records as they lie on the phone, and what the office gave for them. */
import type { Bytes } from '../sync/bytes';
import type { Damage } from './stored_damage';

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

export interface RecordStore {
  /** Null also for one whose row is damaged: what comes next takes its place. */
  record(id: string): Promise<StoredRecord | null>;
  /** All that can be read; the others are named in `damage`. */
  records(): Promise<readonly StoredRecord[]>;
  damage(): Damage;
  /** A record that opens and cannot be read: from then on it counts as damaged. */
  setAside(record: StoredRecord): void;
  cursors(): Promise<ReadonlyMap<Feed, number>>;
  /** One transaction: records, removals and cursor. */
  applyPage(page: PageWrite): Promise<Written>;
  /** All feeds begin again from the start; pages that are under way are not taken any more. */
  forgetCursors(): Promise<void>;
}

export interface OfferStore {
  /** Puts what the office gave for these records among the offers, in one transaction. */
  saveOffers(records: readonly StoredRecord[], offers: readonly Offer[]): Promise<Written>;
  /** The oldest offers, up to so many states or bytes; the first whatever it weighs. */
  offers(count: number, bytes: number): Promise<readonly Offer[]>;
  dropOffers(ids: readonly string[]): Promise<void>;
}
