/** Answers on their way to a dossier, as they are kept. */
import type { Value } from '../sync/pack';

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
  /** Who had it before on this phone, in order: the first began it. Absent where nobody handed it over. */
  readonly hands?: readonly Hand[];
}

/** Somebody who handed a draft over to a colleague at the same phone. */
export interface Hand {
  readonly seat: number;
  readonly person: string;
  /** By this phone's clock, ms. */
  readonly at: number;
}

export interface PaperState {
  readonly state: 'handed_in' | 'checked' | 'missing' | 'not_needed';
  readonly count: number;
}

export interface DraftStore {
  drafts(): Promise<readonly Draft[]>;
  draft(id: string): Promise<Draft | null>;
  /** Writes nothing where the draft was sealed meanwhile, or handed over. */
  saveDraft(draft: Draft): Promise<void>;
  /** With the photos that were added to it. */
  dropDraft(id: string): Promise<void>;
}
