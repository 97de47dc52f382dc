/** What the phone keeps to number dossiers without a network: leases, and how far each date has got. */
import type { HeldLease } from '../sync/codes';

/** A lease as it first came. It stays for ever: what was used of it must not be forgotten. */
export interface StoredLease extends HeldLease {
  readonly seat: number;
  /** The highest ordinal used on any one date that the office has heard of. */
  readonly told: number;
}

/** The number that a change uses up: written in its transaction, or the change is not. */
export type CodeStep =
  | {
      readonly kind: 'official';
      readonly lease: number;
      readonly day: string;
      readonly ordinal: number;
    }
  | { readonly kind: 'provisional'; readonly day: number; readonly counter: number };

export interface CodeStore {
  leases(): Promise<readonly StoredLease[]>;
  /** Adds those that are not here; gives how many it added. One that is here stays as it is. */
  add(leases: readonly StoredLease[]): Promise<number>;
  /** Notes what the office has heard, by lease. */
  noteTold(told: ReadonlyMap<number, number>): Promise<void>;
  /** The last counter of a provisional code, by day. */
  counters(): Promise<ReadonlyMap<number, number>>;
}
