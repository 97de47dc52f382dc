/** The one door of the screens to this phone. */
import type { Damage, Draft, GivenDraft, LeftDossier, LockTimes, VaultLoss, WipeMark } from '../store/port';
import type { Bytes } from '../sync/bytes';
import type { WorkKind } from '../sync/kinds';
import type { Value } from '../sync/pack';
import type {
  Carried,
  ConfirmationOutcome,
  Connection,
  EnrolOutcome,
  ExchangeOutcome,
  ExportOutcome,
  ExportScope,
  FirstPin,
  HandOutcome,
  ImportOutcome,
  LockOutcome,
  OpenerOutcome,
  Progress,
  PushOutcome,
  PushState,
  SaveOutcome,
  SealOutcome,
  SignInOutcome,
  TakeOutcome,
  Topic,
  Trouble,
  UnlockOutcome,
  WriteTrouble,
} from './outcomes';
import type {
  AddPhotoOutcome,
  Colleague,
  Dossier,
  DossierTruth,
  DraftAnswers,
  DraftStart,
  EnrolledDevice,
  HandedToUs,
  Held,
  Outbox,
  PaperAsked,
  PersonHere,
  Photo,
  PhotoFile,
  Reference,
  Seen,
  SamePhoto,
  SharedPaper,
  SignedIn,
} from './shown';

/** Being woken by the office, for the person at work. */
export interface Pushes {
  state(): Promise<PushState>;
  turnOn(): Promise<PushOutcome>;
  turnOff(): Promise<PushOutcome>;
  /** Mends what changed without anybody's doing; `thoroughly` asks the office too. */
  mind(thoroughly: boolean): Promise<void>;
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

  /** Who else works at this phone, and may go on with a draft of this area or why not. */
  colleagues(area: string): Promise<readonly Colleague[]>;
  /** Hands a draft over with its photos; from then on nobody but the colleague can open it. */
  handDraft(id: string, staff: string): Promise<HandOutcome>;
  /** How many drafts were handed to the person at work, and how many of theirs wait for others. */
  handedCounts(): Promise<{ readonly handed: number; readonly given: number }>;
  handedToUs(): Promise<readonly HandedToUs[]>;
  givenToOthers(): Promise<readonly GivenDraft[]>;
  /** Takes a draft over that was handed to the person at work; `isPartly` without what is damaged of its photos. */
  takeDraft(id: string, isPartly?: boolean): Promise<TakeOutcome>;

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
    AddPhotoOutcome | SealOutcome | SamePhoto
  >;
  namePhoto(photo: string, paper: PaperAsked, reason: string): Promise<SealOutcome | SamePhoto>;
  /** What was shared into the app for the person at work, and is in no dossier yet. */
  sharedPapers(): Promise<readonly SharedPaper[]>;
  sharedCount(): Promise<number>;
  /** When the oldest of them was shared, ms; null where none waits. */
  sharedSince(): Promise<number | null>;
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
  /** What could not be read of all that was asked for since the app was opened. */
  damage(): Damage;
  /** Damaged records that no office gives again and of which nothing is unsent. */
  removableDamage(): Promise<readonly string[]>;
  /** Takes those away; a list of what left the phone goes on saying that they were here. */
  removeDamage(): Promise<WriteTrouble | null>;
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
