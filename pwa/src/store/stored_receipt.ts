/** What the office signed for, as it is kept, and what stands above it. */
import type { Receipt } from '../sync/receipt';
import type { LogEntry } from './stored_log';

export type Unsent = Pick<LogEntry, 'seat' | 'seq' | 'record' | 'at'>;

/** When the office took what a receipt covers. */
export interface Witness {
  readonly seat: number;
  readonly held: number;
  readonly time: number;
}

export interface ReceiptStore {
  /** The newest receipt of each seat. */
  receipts(): Promise<readonly Receipt[]>;
  saveReceipts(receipts: readonly Receipt[]): Promise<void>;
  /** The first receipt that covered a change; null while none does. */
  witness(seat: number, seq: number): Promise<Witness | null>;
  /** Up to where receipts of this time or earlier covered a log; 0 if none did. */
  heldAt(seat: number, time: number): Promise<number>;
  /** What stands in the logs above the newest receipts, without opening it. */
  unsent(): Promise<readonly Unsent[]>;
}
