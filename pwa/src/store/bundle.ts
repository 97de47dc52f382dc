/** Bundles that wait on the phone for an exchange to carry them: its own, and those of others. */
import type { Bytes } from '../sync/bytes';

/**
 * A bundle on its way: sealed to the office, so it says nothing to this phone. `own`: sealed here
 * when a person's work was locked away; `carried`: taken over from another phone.
 */
export interface StoredBundle {
  /** The hash of its bytes, as hex text. */
  readonly digest: string;
  readonly raw: Bytes;
  readonly origin: 'own' | 'carried';
  readonly addedAt: number;
  /** Of an own one: whose log, and up to where. */
  readonly covers: { readonly seat: number; readonly last: number } | null;
  /** The office's time when it said that all in it is held; null until then. */
  readonly heldAt: number | null;
  /** Why the office has not taken it; empty before it was tried, and when it is held. */
  readonly code: string;
}

export type BundleChange = Partial<Pick<StoredBundle, 'heldAt' | 'code'>>;

export interface BundleStore {
  /** In the order in which they were added. */
  all(): Promise<readonly StoredBundle[]>;
  /** Adds what is not there yet, all or none; gives how many were new. */
  add(bundles: readonly StoredBundle[]): Promise<number>;
  change(digest: string, change: BundleChange): Promise<void>;
  drop(digests: readonly string[]): Promise<void>;
}
