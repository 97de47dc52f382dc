/**
 * What screens may ask of the phone, and what the phone asks of the world.
 *
 * Whatever can go wrong in a deed has a name in its outcome. What only reads, or has no outcome,
 * rejects with `StoreUnavailable` or `StoreFull` where the phone's own store fails, else never.
 */
import type { PhotoHint, PhotoRefusal, PhotoStage } from '../store/photo';
export type { VaultLoss } from '../store/port';
import type {
  Draft,
  LeftDossier,
  LockTimes,
  PaperState,
  Person,
  SeatTrouble,
  Shift,
  Store,
  StoredFinding,
  VaultLoss,
  WipeMark,
} from '../store/port';
import type { Work } from '../shift/work';
import type { VaultSealing } from '../store/vault_sealing';
import type { Seals } from '../sync/bundle';
import type { Bytes } from '../sync/bytes';
import type { Dot } from '../sync/change';
import type { Wiping } from '../sync/order';
import type { WorkKind } from '../sync/kinds';
import type { Value } from '../sync/pack';
import type { PushAddress } from '../sync/push';
import type { PinFault } from './pin';
import type { Stretch, Stretching } from './vault_keys';

// ---- what the world gives ------------------------------------------------------------------

export interface Clock {
  /** Milliseconds since the epoch, as this phone believes. */
  now(): number;
  /** ISO civil time with zone: `2026-11-22T14:20:05+07:00`. */
  civil(ms: number): string;
  /** Calls once after so many ms; the answer cancels. */
  after(ms: number, deed: () => void): () => void;
}

export interface Random {
  bytes(count: number): Bytes;
  /** A number from 0 up to, not including, 1. */
  unit(): number;
}

export interface NetAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly etag: string | null;
  /** Seconds; null where the answer does not say. */
  readonly retryAfter: number | null;
  readonly body: Bytes;
}

export interface NetRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Bytes;
  readonly gzip?: boolean;
  readonly etag?: string;
  readonly timeoutMs: number;
}

/** Throws `NoAnswer` when there was no whole answer in time. */
export interface Net {
  ask(request: NetRequest): Promise<NetAnswer>;
}

export class NoAnswer extends Error {
  readonly code = 'no-answer';
  readonly slow: boolean;
  constructor(slow: boolean) {
    super(slow ? 'no answer in time' : 'no answer');
    this.slow = slow;
  }
}

/** Moments when a network may have come: shown again, online again. */
export type Wakes = (wake: () => void) => () => void;

/** One sender in all tabs, and word between them. */
export interface Tabs {
  /** Runs the deed if no other tab is at it; otherwise answers `busy` at once. */
  alone<T>(name: string, deed: () => Promise<T>): Promise<T | 'busy'>;
  tell(topic: Topic): void;
  hear(listener: (topic: Topic) => void): () => void;
}

/** What an app keeps outside the store: caches but its own files, keys of the browser's storage. */
export interface Remains {
  /** Takes all of it away; to do it twice is harmless. */
  clear(): Promise<void>;
}

/** A photo drawn anew: nothing of what the camera wrote beside the picture is in it. */
export interface Prepared {
  readonly bytes: Bytes;
  readonly type: string;
  readonly thumbnail: Bytes;
  /** What a person should look at again; null where nothing was seen. */
  readonly hint: PhotoHint | null;
}

export interface DoorRequest {
  readonly method: string;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes | null;
}

export interface DoorAnswer {
  readonly status: number;
  header(name: string): string | null;
  readonly body: Bytes;
}

/** What photos need beyond the phone's store. */
export interface PhotoTools {
  /** One at a time: a picture takes fifty times its file in memory. */
  prepare(raw: Bytes, type: string): Promise<Prepared | 'unreadable'>;
  /** Bytes that the browser still lets us write; null where it does not say. */
  room(): Promise<number | null>;
  /** The office's address, without a path: nothing is sent elsewhere. */
  readonly origin: string;
  /** Throws `NoAnswer` when there was no whole answer in time. */
  send(request: DoorRequest): Promise<DoorAnswer>;
}

/** All of the world that a phone is given. */
export interface World {
  readonly remains: Remains;
  readonly clock: Clock;
  readonly random: Random;
  readonly net: Net;
  readonly tabs: Tabs;
  readonly wakes: Wakes;
  readonly store: Store;
  readonly seals: Seals;
  readonly photos: PhotoTools;
  /** Null where nothing is locked: in simulations. */
  readonly vaults: Vaults | null;
  /** Fetched when asked for; absent where nobody can be woken. */
  readonly push?: () => Promise<PushBrowser>;
  readonly appVersion: string;
}

/** `none` where the browser knows no push; `default` before it has asked its question. */
export type PushPermission = NotificationPermission | 'none';

/** What this browser can do about being woken. */
export interface PushBrowser {
  permission(): PushPermission;
  /** Lets the browser ask its question, if it has not; only from a press of a button. */
  ask(): Promise<PushPermission>;
  /** `unknown` where the browser does not say: that is no reason to believe that there is none. */
  current(): Promise<PushAddress | null | 'unknown'>;
  /** `no-service` also where the browser's push service did not answer in time. */
  subscribe(key: Bytes): Promise<PushAddress | 'no-service' | 'refused-by-browser'>;
  unsubscribe(): Promise<void>;
}

/** What vaults are opened with. */
export interface Vaults {
  /** The same that the store seals with. */
  readonly sealing: VaultSealing;
  readonly stretch: Stretch;
  /** What a guess of a new PIN is to cost; absent for the usual. */
  readonly cost?: Pick<Stretching, 'memoryKib' | 'passes'>;
  /** Fetched when asked for; absent where there can be none. */
  readonly passkeys?: () => Promise<Passkeys>;
}

/** The passkeys that this phone keeps behind its own lock: a finger, a face, its code. */
export interface Passkeys {
  /** Whether there is such a lock, and one that can answer secrets (PRF). */
  isHere(): Promise<boolean>;
  /** `user` is whose it is, to the phone; a second one of theirs takes the place of the first. */
  make(user: Bytes, name: string, salt: Bytes): Promise<MadePasskey | PasskeyFault>;
  /** What a passkey says to a salt: always the same secret, and to nobody else. */
  ask(credential: Bytes, salt: Bytes): Promise<Bytes | PasskeyFault>;
  /** Lets the phone's own list of passkeys know that it is of no use any more. */
  forget(credential: Bytes): Promise<void>;
}

export interface MadePasskey {
  readonly credential: Bytes;
  readonly answer: Bytes;
}

/** `cancelled` is also a passkey that is not there, or time that ran out: browsers tell no more. */
export type PasskeyFault = 'cancelled' | 'no-prf' | 'failed';

/** How it stands with being woken, for the person at work. */
export type PushState = 'not-asked' | 'on' | 'off' | 'refused' | 'unavailable';

export type PushOutcome =
  | {
      readonly kind:
        | 'on' | 'off' | 'not-answered' | 'refused-by-browser' | 'no-service' | 'not-offered'
        | 'unavailable' | 'locked' | 'not-enrolled';
    }
  | Trouble;

/** Being woken by the office, for the person at work. */
export interface Pushes {
  state(): Promise<PushState>;
  turnOn(): Promise<PushOutcome>;
  turnOff(): Promise<PushOutcome>;
  /** Mends what changed without anybody's doing; `thoroughly` asks the office too. */
  mind(thoroughly: boolean): Promise<void>;
}

// ---- what screens are told -----------------------------------------------------------------

/** What has changed, so that a view reads again. */
export type Topic =
  | 'device'
  | 'seats'
  | 'drafts'
  | 'records'
  | 'receipts'
  | 'connection'
  | 'reference'
  | 'bundles'
  | 'photos'
  /** Everybody out: pages drop all that they show. */
  | 'locked'
  | 'unlocked';

/** How the phone is connected (UX 1), in the order of the words there. */
export type ConnectionState =
  | 'online'
  | 'weak'
  | 'offline'
  | 'paused'
  | 'server-error'
  /** It asked to be left alone for a while: nothing is wrong, and nothing is lost. */
  | 'busy'
  | 'sign-in'
  | 'captive';

export interface Connection {
  readonly state: ConnectionState;
  /** The office's time at the last exchange that held, ms; 0 before the first. */
  readonly lastExchangeAt: number;
  readonly sending: boolean;
  /** When the sender tries next by itself, ms; null when it does not. */
  readonly nextTryAt: number | null;
}

/** Why something could not be had from the office. */
export type Trouble =
  | { readonly kind: 'offline' }
  | { readonly kind: 'slow' }
  | { readonly kind: 'captive' }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'server-error' }
  /** The office said no; `code` is one of docs/protocol.md, part 7. */
  | { readonly kind: 'refused'; readonly code: string; readonly retryAfterSeconds: number | null }
  /** The answer was whole but not the office's, or not to this request. */
  | { readonly kind: 'untrusted' };

/** Why a write could not be kept. What was on the screen must stay there. */
export type WriteTrouble =
  | { readonly kind: 'store-full' }
  | { readonly kind: 'store-unavailable' }
  /** The change breaks a bound of the protocol (too many fields, a text too long …). */
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-signed-in' }
  | { readonly kind: 'unknown-record' }
  /** The person has signed in anew, and the office's copy of this record is still to come. */
  | { readonly kind: 'signing-in-anew' }
  /** Photos of the draft are not prepared, or cannot be: a person takes them out or anew. */
  | { readonly kind: 'photos-unready' };

export type EnrolOutcome =
  | {
      readonly kind: 'enrolled';
      readonly device: number;
      readonly officeName: string;
      readonly words: readonly string[];
    }
  | Trouble
  | WriteTrouble;

export type ConfirmationOutcome =
  | { readonly kind: 'pending' | 'confirmed' | 'refused-by-desk' | 'revoked' | 'not-enrolled' }
  | Trouble;

export type SignInOutcome =
  | {
      readonly kind: 'signed-in';
      readonly seat: number;
      readonly person: Person;
      readonly areas: readonly string[];
    }
  | { readonly kind: 'not-enrolled' }
  /** A vault is to be made, and needs a good PIN; the office was not asked. */
  | { readonly kind: 'bad-pin'; readonly fault: PinFault }
  /** The person has a vault here: they open it, or say that it is to be forgotten. */
  | { readonly kind: 'has-vault' }
  /** Somebody else's vault is open: it is locked first. */
  | { readonly kind: 'not-locked' }
  | Trouble
  | WriteTrouble;

/** How somebody who has no vault here begins one; `forgets` an older one with all that is in it. */
export interface FirstPin {
  readonly pin: string;
  readonly forgets: boolean;
}

/** Why a PIN opened nothing. */
export type PinRefusal =
  /** `left`: wrong PINs that cost no waiting yet. */
  | { readonly kind: 'wrong-pin'; readonly left: number }
  | { readonly kind: 'waiting'; readonly until: number };

export type UnlockOutcome =
  | { readonly kind: 'unlocked' }
  | PinRefusal
  | { readonly kind: 'no-vault' | 'has-vault' }
  | { readonly kind: 'bad-pin'; readonly fault: PinFault }
  | { readonly kind: 'passkey'; readonly fault: PasskeyFault }
  | WriteTrouble;

/** What came of changing how one's own open vault is opened. */
export type OpenerOutcome = { readonly kind: 'changed' } | Exclude<UnlockOutcome, { readonly kind: 'unlocked' }>;

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

export type SaveOutcome = { readonly kind: 'saved'; readonly draft: Draft } | WriteTrouble;
export type SealOutcome = { readonly kind: 'sealed'; readonly record: string } | WriteTrouble;

export type ExchangeOutcome =
  /** `received`: changes that now have receipts; `records`: how many records pages changed. */
  | {
      readonly kind: 'done';
      readonly received: number;
      readonly records: number;
      /** Photos that the office now has. */
      readonly photos: number;
      readonly more: boolean;
    }
  | { readonly kind: 'not-enrolled' | 'paused' | 'elsewhere' | 'wiped' }
  | Trouble
  | WriteTrouble;

/** `unsent`: what the office has not acknowledged; `unsafe`: what no backup of it covers yet. */
export type ExportScope = 'unsent' | 'unsafe';

/** How far an export has come, in changes. */
export type Progress = (done: number, all: number) => void;

/** A rescue file, in parts; `changes` are this phone's own, `carried` bundles of others. */
export type ExportOutcome =
  | {
      readonly kind: 'exported';
      readonly parts: readonly Bytes[];
      readonly changes: number;
      readonly carried: number;
      readonly photos: number;
      /** How many photos are too large for a file. */
      readonly photosLeft: number;
    }
  | { readonly kind: 'nothing' | 'not-enrolled' | 'no-key' }
  | WriteTrouble;

/** `known` were here before; `foreign` are for another office. `isWhole`: the file was not cut. */
export type ImportOutcome =
  | {
      readonly kind: 'imported';
      readonly added: number;
      readonly known: number;
      readonly foreign: number;
      readonly broken: number;
      readonly isWhole: boolean;
    }
  | { readonly kind: 'no-rescue-file' }
  | { readonly kind: 'not-enrolled' }
  | WriteTrouble;

/** A bundle of another phone that this one carries. */
export interface Carried {
  readonly digest: string;
  readonly bytes: number;
  readonly addedAt: number;
  readonly heldAt: number | null;
  /** Why the office has not taken it; empty where it has, or was not asked yet. */
  readonly code: string;
}

export type LockOutcome =
  | { readonly kind: 'sealed'; readonly changes: number }
  | { readonly kind: 'not-enrolled' | 'no-key' }
  | WriteTrouble;

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
  readonly file: PhotoFile;
}

/** A paper of the catalogue, by its id, and how many copies of it are asked for. */
export interface PaperAsked {
  readonly id: string;
  readonly count: number;
}

/** The one door of the screens to this phone. */
export interface Phone {
  device(): Promise<EnrolledDevice | null>;
  enrol(code: string, label: string): Promise<EnrolOutcome>;
  /** Asks the office once whether the desk has confirmed the six words. */
  pollConfirmation(): Promise<ConfirmationOutcome>;

  /** What is left of a phone that its office has wiped; null once it joins anew. */
  wiped(): Promise<WipeMark | null>;
  /** Ends what a crash cut off; to be asked before anything is shown. */
  endWipe(): Promise<void>;
  seats(): Promise<readonly SignedIn[]>;
  /** `first` where the person has no open vault here; see `SignInOutcome`. */
  signIn(staff: string, secret: string, first?: FirstPin): Promise<SignInOutcome>;
  /** Changes to a person who has signed in here before; null leaves the phone to nobody. */
  workAs(seat: number | null): Promise<void>;

  /** Null where nobody can be woken. */
  pushes(): Promise<Pushes | null>;

  people(): Promise<readonly PersonHere[]>;
  /** Whether a person has to open their vault before anything about citizens can be read. */
  isLocked(): Promise<boolean>;
  unlock(staff: string, pin: string): Promise<UnlockOutcome>;
  /** For who worked here before there were vaults: what is theirs is sealed into a new one. */
  choosePin(staff: string, pin: string): Promise<UnlockOutcome>;
  /** Whether this phone has a lock of its own that can open vaults. */
  canPasskey(): Promise<boolean>;
  unlockByPasskey(staff: string): Promise<UnlockOutcome>;
  /** Of the person whose vault is open; nothing but the seal of its key is written. */
  changePin(old: string, next: string): Promise<OpenerOutcome>;
  /** The PIN stays, and is asked for: nobody adds their finger to a tablet left open. */
  addPasskey(pin: string): Promise<OpenerOutcome>;
  removePasskey(): Promise<OpenerOutcome>;
  /** Seals what is owed for the office and lets go of all keys; tells every tab. */
  lock(): Promise<void>;
  /** The same for this page alone, which heard it from another. */
  leave(): Promise<void>;
  /** Seals what is owed, as long as the keys are here: the page may not come back. */
  sealOwed(): Promise<void>;
  /** What goes with somebody's vault when their PIN is forgotten. */
  lossOf(staff: string): Promise<VaultLoss>;
  lockAfter(times: LockTimes): Promise<void>;
  /** What a screen keeps until its person is back, by its name; null takes it away. */
  keep(name: string, value: Value | null): Promise<WriteTrouble | null>;
  kept(name: string): Promise<Value | null>;

  /** The person at work begins a shift at a stop (by its record), or ends theirs (null). */
  work(stop: string | null): Promise<WriteTrouble | null>;

  drafts(): Promise<readonly Draft[]>;
  draft(id: string): Promise<Draft | null>;
  startDraft(start: DraftStart): Promise<SaveOutcome>;
  /** Durable when it answers `saved`. */
  saveDraft(draft: Draft, now: DraftAnswers): Promise<SaveOutcome>;
  dropDraft(id: string): Promise<WriteTrouble | null>;

  /** Seals what is handed in (not what was last saved); ends the draft in the same transaction. */
  seal(draft: Draft, now: DraftAnswers): Promise<SealOutcome>;
  /** Notes a deed on a sealed dossier, as that its receipt was printed; replaces no answer. */
  noteOn(record: string, fields: Readonly<Record<string, Value>>): Promise<SealOutcome>;
  /**
   * Sets fields of a sealed dossier anew (null removes), with the reason as a note. What came after
   * `seen` was read stands beside it, as a conflict; without `seen`, what stands now is replaced.
   */
  revise(
    record: string,
    fields: Readonly<Record<string, Value>>,
    reason: string,
    seen?: Seen,
  ): Promise<SealOutcome>;

  /** Photos of a draft or a dossier (by the record's id) that were taken on this phone. */
  photosOf(record: string): Promise<readonly Photo[]>;
  /** A small JPEG of it; null before it is prepared. */
  thumbnail(photo: string): Promise<Bytes | null>;
  /** The prepared picture itself; null before it is prepared, or where its copy was dropped. */
  picture(photo: string): Promise<Bytes | null>;
  /**
   * On the disk as it is when it answers `kept`; prepared afterwards, by itself. `instead` names a
   * photo of the draft whose page it takes.
   */
  addPhoto(
    draft: Draft,
    document: string,
    file: PhotoFile,
    instead?: string,
  ): Promise<AddPhotoOutcome>;
  /** Takes out one that no change names yet. */
  removePhoto(photo: string): Promise<void>;
  /** Takes a photo anew that can never come to the office: a revision names this one instead. */
  replacePhoto(photo: string, file: PhotoFile, reason: string): Promise<
    AddPhotoOutcome | SealOutcome
  >;
  /**
   * Adds a photo to a sealed dossier by a revision. One that was kept, and could not be named (the
   * page was killed), stands beside the dossier until it is named or taken out.
   */
  supplement(record: string, paper: PaperAsked, file: PhotoFile, reason: string): Promise<
    AddPhotoOutcome | SealOutcome
  >;
  namePhoto(photo: string, paper: PaperAsked, reason: string): Promise<SealOutcome>;
  /** What was shared into the app for the person at work, and is in no dossier yet. */
  sharedPapers(): Promise<readonly SharedPaper[]>;
  sharedCount(): Promise<number>;
  /** Once it was placed, or nobody wants it. */
  dropShared(name: string): Promise<WriteTrouble | null>;
  /** For about how many photos there is room; null where the browser does not say. */
  roomForPhotos(): Promise<number | null>;

  dossiers(): Promise<readonly Dossier[]>;
  /** Dossiers, and the records beside them: stops, tickets, originals kept … */
  held(): Promise<Held>;
  /** Makes such a record (null for its id), or sets fields of one; one change, durable. */
  keepWork(
    kind: WorkKind,
    record: string | null,
    fields: Readonly<Record<string, Value>>,
  ): Promise<SealOutcome>;
  dossier(record: string): Promise<Dossier | null>;
  dossierTruth(record: string): Promise<DossierTruth>;
  /** What stays of dossiers that have left this phone. */
  left(): Promise<readonly LeftDossier[]>;
  outbox(): Promise<Outbox>;

  /** Seals what waits into a file for anybody to carry; needs no network. */
  exportFile(scope: ExportScope, progress: Progress): Promise<ExportOutcome>;
  /** Takes a rescue file of another phone over, to bring it to the office. */
  importFile(file: Bytes): Promise<ImportOutcome>;
  carried(): Promise<readonly Carried[]>;
  dropCarried(digest: string): Promise<void>;
  /** Seals what a person still owes, before their keys are locked away: then anybody sends it. */
  sealUnsent(seat: number): Promise<LockOutcome>;

  /** The newest reference data on this phone; null before the first fetch. */
  reference(): Promise<Reference | null>;
  fetchReference(): Promise<{ readonly kind: 'fetched' | 'current' } | Trouble | WriteTrouble>;
  personOf(seat: number): Promise<string | null>;

  connection(): Connection;
  /** By button: tries now, whatever the pauses say. */
  exchangeNow(): Promise<ExchangeOutcome>;
  workOffline(on: boolean): Promise<void>;
  /** How long this phone keeps its own copies of what the office holds and has backed up. */
  keepLogFor(days: number): Promise<void>;
  /** After how many days a dossier leaves that needs nothing more here. */
  leaveAfter(days: number): Promise<void>;

  /** Calls at each change, from this tab or another; the answer ends it. */
  watch(listener: (topic: Topic) => void): () => void;
  /** Starts sending by itself; the answer stops it. */
  start(): () => void;
}
