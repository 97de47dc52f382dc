/** What of this phone cannot be read any more. */
import type { Bytes } from '../sync/bytes';

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
