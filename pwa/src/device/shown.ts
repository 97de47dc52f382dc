/** What screens are told of this phone, its people and their work, and what they hand to it. */
import type { Work } from '../shift/work';
import type { PhotoHint, PhotoRefusal, PhotoStage } from '../store/photo';
import type {
  Draft,
  Hand,
  LockTimes,
  PaperState,
  Person,
  SeatTrouble,
  Shift,
  StoredFinding,
} from '../store/port';
import type { Bytes } from '../sync/bytes';
import type { Dot } from '../sync/change';
import type { Wiping } from '../sync/order';
import type { Value } from '../sync/pack';
import type { WriteTrouble } from './outcomes';

/** Somebody who has signed in on this phone, as the lock screen names them. */
export interface PersonHere {
  readonly staff: string;
  readonly name: string;
  readonly seat: number;
  /** False for who worked here before there were vaults: they choose a PIN. */
  readonly hasPin: boolean;
  readonly hasPasskey: boolean;
  readonly isOpen: boolean;
  /** Until when no PIN of theirs is heard, ms. */
  readonly waitUntil: number;
}

/** What this phone knows of itself. */
export interface EnrolledDevice {
  readonly office: string;
  readonly officeName: string;
  readonly device: number;
  readonly label: string;
  readonly words: readonly string[];
  readonly status: 'pending' | 'confirmed' | 'refused' | 'revoked';
  readonly seat: number | null;
  readonly workOffline: boolean;
  readonly lastExchangeAt: number;
  readonly skewMs: number;
  /** The newest moment that surely was, ms: a clock that shows less is wrong. */
  readonly known: number;
  readonly locks: LockTimes;
  /** Days after which a dossier leaves that needs nothing more here. */
  readonly leaveDays: number;
  /** Days that a change stays on this phone after the office took it. */
  readonly logDays: number;
  /** What the office ordered this phone to do; null while it is in use. */
  readonly order: Wiping | null;
  /** The office gives this version of the app no data; taking and handing in go on. */
  readonly isTooOld: boolean;
  /** What the office said of changes that did not simply take effect, the newest first. */
  readonly findings: readonly StoredFinding[];
  /** Where the person at work receives people; null between shifts. */
  readonly shift: Shift | null;
}

export interface SignedIn {
  readonly seat: number;
  readonly person: Person;
  readonly areas: readonly string[];
  readonly atWork: boolean;
  /** Why their log cannot be sent on, if so. */
  readonly trouble: SeatTrouble | null;
  /** Whether only signing in anew helps. */
  readonly mustSignInAnew: boolean;
  /** They signed in anew, and their work is still being carried over. */
  readonly isCarrying: boolean;
  /** Null for a person who was never leased official codes. */
  readonly codes: CodeSupply | null;
}

/** One set of a field that no later set replaces. */
export interface ShownHead {
  readonly value: Value;
  readonly seat: number;
  /** The name behind the seat; null where the directory has not come yet. */
  readonly by: string | null;
  readonly onThisPhone: boolean;
  /** The author's time, ms; the office's own where that is smaller. */
  readonly at: number;
  /** The office's time of receipt, ms; 0 while it has not said. */
  readonly received: number;
}

export interface ShownField {
  /** The head to show; the others stand in `rivals`, and only where values differ. */
  readonly head: ShownHead;
  readonly rivals: readonly ShownHead[];
}

/** The heads of fields as a screen was given them. */
export type Seen = ReadonlyMap<string, readonly Dot[]>;

/** A code that a dossier is called by; a provisional one until the office gives another. */
export interface DossierCode {
  readonly text: string;
  readonly isProvisional: boolean;
}

/** What is left of the official codes that the office leased to a person. */
export interface CodeSupply {
  /** For today. */
  readonly left: number;
  /** The last date that a lease stands for, YYYY-MM-DD; empty where none stands. */
  readonly until: string;
}

export interface Dossier {
  readonly record: string;
  readonly kind: string;
  readonly procedure: string;
  readonly catalogueVersion: string;
  readonly area: string;
  readonly status: string;
  readonly sealedAt: string;
  /** Whether somebody on this phone sealed it. */
  readonly isSealedHere: boolean;
  /** Whether the office ever asked for something that was missing: of most dossiers never. */
  readonly isAsked: boolean;
  /** Null where it has none: it was made by hand, or before there were codes. */
  readonly code: DossierCode | null;
  /** All by which it is found, that one first. */
  readonly codes: readonly string[];
  /** By whole field name; what was removed (null) is left out. */
  readonly fields: ReadonlyMap<string, ShownField>;
  readonly conflicts: readonly string[];
  /** What a revision of this view may replace: it never takes away what nobody saw here. */
  readonly seen: Seen;
  /** Revisions and settlements, oldest first. */
  readonly notes: readonly DossierNote[];
}

export interface DossierNote {
  readonly kind: 'revision' | 'settlement' | 'admission';
  readonly reason: string;
  readonly fields: readonly string[];
  readonly head: ShownHead;
}

/** Where the dossier is on its journey (UX 1). `sending`: an exchange with it is under way. */
export type DossierTruth =
  | { readonly place: 'draft' | 'saved' }
  /** `photos`: the text is there, photos are not all; they wait where nothing is under way. */
  | { readonly place: 'sending'; readonly photos?: PhotoCount; readonly isWaiting?: boolean }
  /** The text and all photos. */
  | { readonly place: 'received'; readonly receivedAt: number; readonly photos?: PhotoCount }
  | { readonly place: 'attention'; readonly why: AttentionCode };

export interface PhotoCount {
  readonly held: number;
  readonly of: number;
}

export type AttentionCode =
  | SeatTrouble
  | 'device-refused'
  | 'device-revoked'
  | 'not-accepted'
  | `photo-${PhotoRefusal}`
  /** The office does not know a photo, or not for this person; it can mend that. */
  | 'photo-unknown';

/** A photo of a paper, as a screen shows it. */
export interface Photo {
  readonly id: string;
  readonly document: string;
  readonly stage: PhotoStage;
  readonly type: string;
  readonly size: number;
  /** Bytes that the office has. */
  readonly sent: number;
  readonly refusal: PhotoRefusal | null;
  /** Since when the office says that it does not know it, ms; null while it has not. */
  readonly unknownSince: number | null;
  readonly hint: PhotoHint | null;
}

/** The dossier has it already: the office could only ever count one. */
export interface SamePhoto {
  readonly kind: 'same-photo';
}

export type AddPhotoOutcome =
  | { readonly kind: 'kept'; readonly id: string }
  /** No file of this kind, or larger than any photo; nothing was kept, the file is where it was. */
  | { readonly kind: 'wrong-type' | 'file-too-large' | 'too-many' }
  | WriteTrouble;

/** Fetched, verified reference data; `procedures/` gives it its types. */
export interface Reference {
  readonly version: string;
  readonly catalogue: unknown;
  readonly areas: unknown;
  /** Null from an office that gives none: then nothing can be promised. */
  readonly calendar: unknown;
  /** Recordings of questions (`device/clips.ts`); null from an office that has never heard of them. */
  readonly clips: unknown;
  /** How the office is named on papers, and whom to call; null from an older one. */
  readonly branch: unknown;
}

/** How much waits on this phone. */
export interface Outbox {
  readonly changes: number;
  readonly records: readonly string[];
  /** Author's time of the oldest unsent change, ms; null if none. */
  readonly oldestAt: number | null;
  /** Photos whose bytes the office has not, and how many bytes of them it has not. */
  readonly photos: number;
  readonly photoBytes: number;
  readonly others: readonly OthersPhotos[];
}

/** Photos of somebody else at this phone: they leave it when their person opens their vault. */
export interface OthersPhotos {
  readonly staff: string;
  readonly photos: number;
  readonly records: readonly string[];
}

/** All records of this phone, read at once. */
export interface Held {
  readonly dossiers: readonly Dossier[];
  readonly work: readonly Work[];
}

export interface DraftStart {
  readonly procedure: string;
  readonly catalogueVersion: string;
  readonly area: string;
  readonly answers?: Readonly<Record<string, Value>>;
}

/** A draft as a screen hands it back: what may change in it. */
export interface DraftAnswers {
  readonly answers: Readonly<Record<string, Value>>;
  readonly papers: Readonly<Record<string, PaperState>>;
  readonly step: string;
  /** What is promised with the seal: fields for the office's time of reception, in ms. */
  readonly promise?: (receivedAt: number) => Readonly<Record<string, Value>>;
}

/** A file as the camera or the gallery hands it over. */
export interface PhotoFile {
  readonly bytes: Bytes;
  readonly type: string;
  /** When it was taken, ms; the present where nobody knows. */
  readonly takenAt: number;
}

/** What another app shared into this one, waiting to be placed; `name` is this app's own for it. */
export interface SharedPaper {
  readonly name: string;
  /** When it was shared, ms. */
  readonly sharedAt: number;
  readonly file: PhotoFile;
}

/** Somebody else at this phone, and why a draft cannot be handed to them, if so. */
export interface Colleague {
  readonly staff: string;
  readonly name: string;
  /** No vault yet; none that was opened by an app that hands over; another area. */
  readonly cannot: 'no-pin' | 'no-inbox' | 'no-area' | null;
}

/** A draft that a colleague handed to the person at work; nothing is known of one that does not open. */
export interface HandedToUs {
  readonly id: string;
  readonly draft: Draft | null;
  /** Who handed it, and when, ms. */
  readonly hand: Hand | null;
  readonly photos: number;
  readonly cannot: 'damaged' | 'no-area' | null;
}

/** A paper of the catalogue, by its id, and how many copies of it are asked for. */
export interface PaperAsked {
  readonly id: string;
  readonly count: number;
}
