/**
 * Drafts on their way from one person of this phone to another: sealed for the inbox of whoever is to
 * go on with them, until they take them.
 *
 * 1. One transaction moves a draft with all of its photos: it is with the giver, in the inbox, or with
 *    the taker, whole, and in one of them only.
 * 2. Who has given one cannot open it again, and no late save of theirs brings it back: the name of a
 *    trace in their vault says so, and lies in the clear beside random ids.
 */
import type { Bytes } from '../sync/bytes';
import type { OwnInbox } from './inbox_sealing';
import { namesWith } from './names';
import type { Draft, Hand } from './stored_draft';

/** One row for a draft, in the taker's vault, and one for each of its photos. */
export const HANDED = 'handed/';
export const HANDED_PHOTO = 'handed-photo/';
/** In the giver's vault: what went, and, by its name, into which vault. */
export const GAVE = 'gave/';

/** The traces of a draft that its person has handed over. */
export function tracesOf(vault: string, draft: string): IDBKeyRange {
  return namesWith(vault, `${GAVE}${draft}/`);
}

/** For whom it is sealed. */
export interface Recipient {
  readonly vault: string;
  readonly publicKey: Bytes;
}

/**
 * `gone`: there is no such draft in this vault (any more); `raced`: something wrote to it meanwhile;
 * `no-inbox`: the other vault is not what it was; `damaged`: a photo of it does not open.
 */
export type Giving = 'given' | 'gone' | 'raced' | 'no-inbox' | 'damaged';

/** `gone`: another tab was faster; `damaged`, or photos of it: not all of it opens, and all of it stays. */
export type Taking = 'taken' | 'gone' | 'damaged' | 'photos-damaged';

/** What lies in the inbox; `draft` is null where it does not open. */
export interface HandedDraft {
  readonly id: string;
  readonly draft: Draft | null;
  readonly photos: number;
}

/** A draft that its taker has not taken yet, as its giver remembers it. */
export interface GivenDraft {
  readonly id: string;
  /** The name of who is to go on with it. */
  readonly to: string;
  readonly at: number;
  readonly procedure: string;
  readonly applicant: string | null;
}

export interface HandedStore {
  /** How many wait for the person whose vault is open, and how many of theirs wait for others. */
  counts(): Promise<{ readonly handed: number; readonly given: number }>;
  give(draft: string, to: Recipient, hand: Hand, trace: Omit<GivenDraft, 'id'>): Promise<Giving>;
  /** What this person gave and nobody has taken yet. */
  given(): Promise<readonly GivenDraft[]>;
  handed(own: OwnInbox): Promise<readonly HandedDraft[]>;
  /** `isPartly`: photos that do not open are given up, where their person has said so. */
  take(
    draft: string,
    own: OwnInbox,
    by: Pick<Draft, 'seat' | 'person'>,
    isPartly?: boolean,
  ): Promise<Taking>;
}
