/** The people of this phone as they are kept, and where their logs parted from the office's. */
import type { Bytes } from '../sync/bytes';
import type { At } from '../sync/clock';
import type { Person, SignedBytes } from '../sync/exchange';
import type { Vault } from './vault';

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

export interface SeatStore {
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
}
