/** The logs of this phone as they are kept. */
import type { Bytes } from '../sync/bytes';
import type { CodeStep } from './code';
import type { StoredRecord, Written } from './stored_record';
import type { StoredSeat } from './stored_seat';

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

export interface LogStore {
  /** One transaction: the log's entry, the seat's head, the record's state, the draft's end. */
  append(appended: Appended): Promise<Written>;
  /**
   * The entries of a seat above `after`, oldest first, up to so many changes or bytes; a damaged one
   * is left out, so its number is missing.
   */
  entriesAfter(seat: number, after: number, count: number, bytes: number): Promise<LogEntry[]>;
  /** The head of the own log at a seq; null if the log does not hold it. */
  headAt(seat: number, seq: number): Promise<Bytes | null>;
  /** What this phone wrote about a record, in the order of its logs. */
  entriesOf(record: string): Promise<LogEntry[]>;
  /**
   * Drops the changes of a log up to a seq, and keeps their heads: so a receipt for less can still
   * be weighed. Gives how many it dropped.
   */
  dropEntries(seat: number, upTo: number): Promise<number>;
  /** Puts what could be saved of a damaged change in its place; its head stays. */
  salvage(entry: LogEntry): Promise<void>;
}
