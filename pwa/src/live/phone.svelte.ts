/**
 * What the phone holds, as screens see it: read again whenever the phone says that it has changed.
 *
 * Lists are replaced whole, never mended, so that a screen cannot show half of a change.
 */
import { createContext } from 'svelte';
import type { Connection, Topic, UnlockOutcome, WriteTrouble } from '../device/outcomes';
import type { Phone } from '../device/port';
import type { Dossier, EnrolledDevice, Outbox, PersonHere, SignedIn } from '../device/shown';
import { readAreas, type Area } from '../procedures/areas';
import { readBranch, type Branch } from '../procedures/branch';
import { byGivenName, searchTextOf } from '../procedures/people';
import { readCalendar, type Calendar } from '../procedures/calendar';
import type { Catalogue } from '../procedures/catalogue';
import { readCatalogue } from '../procedures/reading';
import { SearchedTexts } from '../procedures/searched';
import { BadCatalogue } from '../procedures/unknown';
import { mayBegin } from '../shift/readiness';
import { findStop, type Stop } from '../shift/stops';
import { recordsAmong, type Work } from '../shift/work';
import type { Damage, Draft, LockTimes, WipeMark } from '../store/port';
import type { Value } from '../sync/pack';
import { DraftView } from './draft.svelte';
import { giveWay, whenIdle } from './giving_way';
import { type PhoneMark, keepMark, readMark } from './phone_mark';
import { openAgain, place, startAnew } from './place.svelte';
import { address } from './route';
import { type KeptRevision, RevisionView, answersOf, keptRevisions, packRevisions } from './revision.svelte';
import { t } from './display.svelte';
import { voice } from './voice.svelte';

type HandedCounts = Awaited<ReturnType<Phone['handedCounts']>>;

export class PhoneView {
  device = $state.raw<EnrolledDevice | null>(null);
  /** What the office left of a phone that it wiped. */
  wiped = $state.raw<WipeMark | null>(null);
  /** What a phone that is in no office was before its browser dropped its store. */
  lost = $state.raw<PhoneMark | null>(null);
  seats = $state.raw<readonly SignedIn[]>([]);
  /** Everybody who has signed in here, as the lock screen names them. */
  people = $state.raw<readonly PersonHere[]>([]);
  /** Nothing about citizens can be read before somebody unlocks. */
  isLocked = $state(false);
  /** Who has forgotten their PIN and is about to sign in anew. */
  forgetting = $state<string | null>(null);
  drafts = $state.raw<readonly Draft[]>([]);
  /** Drafts that colleagues handed to the person at work, and theirs that wait for a colleague. */
  handed = $state.raw<HandedCounts>({ handed: 0, given: 0 });
  dossiers = $state.raw<readonly Dossier[]>([]);
  /** Records beside the dossiers: stops, tickets, originals kept … */
  work = $state.raw<readonly Work[]>([]);
  /** For how many photos there is room; null where the browser does not say. */
  photoRoom = $state<number | null>(null);
  /** Papers that other apps shared into this one, and that are in no dossier yet. */
  shared = $state(0);
  /** Since when the oldest of them waits, ms. */
  sharedSince: number | null = $state(null);
  outbox = $state.raw<Outbox>({ changes: 0, records: [], oldestAt: null, photos: 0, photoBytes: 0, others: [] });
  /** What lies here and cannot be read. */
  damage: Damage = $state.raw({ records: [], drafts: [], photos: [], entries: [] });
  connection: Connection = $state.raw({ state: 'offline', lastExchangeAt: 0, sending: false, nextTryAt: null });
  catalogue = $state.raw<Catalogue | null>(null);
  areas = $state.raw<readonly Area[]>([]);
  /** What deadlines are counted by; null until the office has given one. */
  calendar = $state.raw<Calendar | null>(null);
  branch = $state.raw<Branch | null>(null);
  /** The branch's recordings of questions, as the office said them (`device/clips.ts`). */
  clips = $state.raw<unknown>(null);
  #clipsBrought: unknown = null;
  /** The catalogue on the phone is not one that this app can read. */
  catalogueIsBad = $state(false);
  /** False until the phone has been read for the first time. */
  ready = $state(false);
  /** Rises whenever a dossier's whereabouts may have changed. */
  pulse = $state(0);
  /** What was folded of dossiers for searching; it goes with the page, as all else that is read. */
  readonly searched = new SearchedTexts((dossier: Dossier) => searchTextOf(answersOf(dossier)));

  /** Its work so far stays in reach, but it gets nothing more and takes nothing new. */
  readonly isRevoked = $derived(this.device?.status === 'revoked');
  readonly person = $derived(this.seats.find((seat) => seat.atWork) ?? null);
  /** Whose vault is open. */
  readonly openPerson = $derived(this.people.find(({ isOpen }) => isOpen) ?? null);
  /** Where the person at work receives people; null between shifts. */
  readonly stop: Stop | null = $derived(findStop(this.work, this.device?.shift?.stop));
  /** What the person at work is told of an older log of theirs, while the office has it open. */
  readonly begunAnew = $derived((this.device?.findings ?? []).find(({ kind, closed, reader }) =>
    kind === 'begun-anew' && closed === null && reader === this.person?.seat) ?? null);
  readonly isDamaged = $derived(Object.values(this.damage).some((found: readonly unknown[]) => found.length > 0));
  readonly mayBegin = $derived(mayBegin(this.photoRoom));
  /** What waits to be sent, in dossiers, and in records beside them. */
  readonly unsentDossiers = $derived(recordsAmong(this.dossiers, this.outbox.records));
  readonly unsentWork = $derived(this.outbox.records.length - this.unsentDossiers.length);
  /** Which words say how the network is: nobody signs in again who never signed in here. */
  readonly connectionWord = $derived(
    this.connection.state === 'sign-in' && this.seats.length === 0 ? 'sign-in-first' : this.connection.state,
  );
  /** An answer that could not be written: nothing new may begin until it is. */
  readonly writeTrouble: WriteTrouble | null = $derived.by(() => this.#openDraft?.trouble ?? null);
  /** After which times the app locks by itself; null while there is nothing to lock. */
  readonly lockTimes: LockTimes | null = $derived(
    this.openPerson === null || this.device === null || this.writeTrouble !== null ? null : this.device.locks);

  #openDraft = $state.raw<DraftView | null>(null);
  #revisions: readonly RevisionView[] = [];
  #kept: readonly KeptRevision[] = [];
  /** What is filled in on forms and not noted yet, by form and record. */
  #forms: Readonly<Record<string, Value>> = {};
  #isLeaving = false;
  /** Ends a wait for a quiet moment. */
  #hurry: () => void = () => undefined;
  #due: readonly Topic[] = [];
  #reading = false;
  /** Null until somebody needs the reference data. */
  #reference: Promise<void> | null = null;
  #ending: Promise<void> = Promise.resolve();
  #hasWorked = false;

  constructor(readonly phone: Phone) {}

  /** Reads everything once, then follows; the answer stops following and sending. */
  async start(): Promise<() => void> {
    await this.phone.endWipe();
    const unwatch = this.phone.watch((topic) => this.#reread(topic));
    await Promise.all([this.#readDevice(), this.#readAll()]);
    this.isLocked = await this.phone.isLocked();
    if (!this.isLocked && place.route.screen !== 'sign-in') await this.needReference();
    this.connection = this.phone.connection();
    this.ready = true;
    this.#mark();
    const stop = this.phone.start();
    return () => {
      unwatch();
      stop();
    };
  }

  async unlock(staff: string, pin: string): Promise<UnlockOutcome> {
    // While the PIN is stretched, which is not this thread's work. `entered` says what went wrong.
    void this.needReference().catch(() => undefined);
    return this.#after(await this.phone.unlock(staff, pin));
  }

  async unlockByPasskey(staff: string): Promise<UnlockOutcome> {
    return this.#after(await this.phone.unlockByPasskey(staff));
  }

  async choosePin(staff: string, pin: string): Promise<UnlockOutcome> {
    return this.#after(await this.phone.choosePin(staff, pin));
  }

  /** Shows what was behind the lock, once it has been read. */
  async entered(): Promise<void> {
    await Promise.all([this.#readDevice(), this.#readAll(), this.needReference()]);
    this.isLocked = false;
    this.#mark();
    this.forgetting = null;
    this.pulse += 1;
  }

  /**
   * Reads procedures, areas and calendar, unless they were read before. Nobody needs them who is not
   * let in yet, and to read them takes as long as all the rest of the start.
   */
  async needReference(): Promise<void> {
    this.#reference ??= this.#readReference();
    try {
      await this.#reference;
    } catch (fault) {
      this.#reference = null;
      throw fault;
    }
  }

  /** Locks every tab; what cannot be written yet would be lost by it, so then nothing is locked. */
  async lock(): Promise<void> {
    if (this.#isLeaving) return;
    await this.#openDraft?.settle();
    if (this.writeTrouble !== null) {
      voice.say(t('app.lock.unsaved'));
      return;
    }
    await this.#lockNow();
  }

  /** Locks after a citizen had the phone in hand: also where an answer cannot be written. */
  async lockSurely(): Promise<void> {
    if (this.#isLeaving) return;
    await this.#openDraft?.settle();
    await this.#lockNow();
  }

  async #lockNow(): Promise<void> {
    await this.#keepRevisions();
    await this.#keepForms();
    await this.phone.lock();
  }

  async #after(outcome: UnlockOutcome): Promise<UnlockOutcome> {
    if (outcome.kind === 'unlocked') await this.entered();
    else this.people = await this.phone.people();
    return outcome;
  }

  /** Loads the page anew once all is written: nothing that it had in its memory stays. */
  async leave(): Promise<void> {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.ready = false;
    await this.#openDraft?.settle();
    await this.#keepRevisions();
    await this.#keepForms();
    await this.phone.leave();
    openAgain();
  }

  /** Another tab let somebody else in: two people never have this phone open at once. */
  async #leaveIfOther(): Promise<void> {
    const { seat } = await this.phone.device() ?? { seat: null };
    const open = (await this.phone.people()).find(({ isOpen }) => isOpen);
    if (open !== undefined && open.seat !== seat) await this.leave();
  }

  async #keepRevisions(): Promise<void> {
    if (this.openPerson === null) return;
    await this.phone.keep('revisions', packRevisions(this.#revisions, this.#kept));
  }

  async #keepForms(): Promise<void> {
    if (this.openPerson === null) return;
    // A form whose record has left this phone goes too.
    const forms = Object.entries(this.#forms)
      .filter(([name]) => [...this.work, ...this.dossiers].some(({ record }) => name.endsWith(`/${record}`)));
    await this.phone.keep('forms', forms.length === 0 ? null : Object.fromEntries(forms));
  }

  /** What was filled in on a form and not noted; null where nothing was. */
  formOf(name: string): Value {
    return this.#forms[name] ?? null;
  }

  /** Remembers a form, over a lock too; null once it is noted or empty. */
  keepForm(name: string, filled: Value): void {
    const wasKept = name in this.#forms;
    const others = Object.entries(this.#forms).filter(([each]) => each !== name);
    this.#forms = Object.fromEntries(filled === null ? others : [...others, [name, filled]]);
    if (wasKept && filled === null) void this.#keepForms();
  }

  /** The draft as it is being filled in; the same one as long as it is the last opened. */
  async openDraft(id: string): Promise<DraftView | null> {
    if (this.#openDraft?.id === id) return this.#openDraft;
    await this.#openDraft?.settle();
    const draft = await this.phone.draft(id);
    if (draft === null) return null;
    this.#openDraft = new DraftView(this.phone, draft);
    return this.#openDraft;
  }

  /** Resolves when what has changed so far is read. */
  async settled(): Promise<void> {
    await this.#ending;
  }

  /** Tries the write that failed once more. */
  retryWrite(): void {
    this.#openDraft?.retry();
  }

  closeDraft(id: string): void {
    if (this.#openDraft?.id === id) this.#openDraft = null;
  }

  /** A revision under way; leaving the page does not lose it. */
  openRevision(dossier: Dossier): RevisionView {
    const open = this.#revisions.find((revision) => revision.record === dossier.record);
    if (open?.isTouched) return open;
    const kept = this.#kept.find(({ record }) => record === dossier.record);
    const fresh = new RevisionView(this.phone, dossier, kept);
    this.#revisions = [...this.#revisions.filter((revision) => revision !== open), fresh];
    return fresh;
  }

  closeRevision(record: string): void {
    this.#revisions = this.#revisions.filter((revision) => revision.record !== record);
    if (!this.#kept.some((one) => one.record === record)) return;
    this.#kept = this.#kept.filter((one) => one.record !== record);
    void this.#keepRevisions();
  }

  /** One reading at a time; what changes meanwhile is read afterwards. */
  #reread(topic: Topic): void {
    if (this.#isLeaving) return;
    if (topic === 'locked') void this.leave();
    if (topic === 'unlocked') void this.#leaveIfOther();
    this.#due = [...this.#due, topic];
    if (topic !== 'drafts') this.#hurry();
    if (this.#reading) return;
    this.#reading = true;
    this.#ending = this.#readDue().finally(() => { this.#reading = false; });
  }

  async #readDue(): Promise<void> {
    while (this.#due.length > 0) {
      // What was typed is shown as saved first: nobody who types looks at the list of drafts.
      if (this.#due.every((topic) => topic === 'drafts')) {
        await Promise.race([whenIdle(), new Promise<void>((resolve) => { this.#hurry = resolve; })]);
      }
      const topics = this.#due;
      this.#due = [];
      if (topics.includes('connection')) this.connection = this.phone.connection();
      if (topics.includes('device')) await this.#readDevice();
      if (topics.includes('seats')) await this.#readSeats();
      if (topics.includes('drafts')) await this.#readDrafts();
      if (topics.includes('reference') && this.#reference !== null) await this.#readReference();
      if (topics.includes('connection') || topics.includes('reference')) void this.bringClips();
      if (topics.includes('records') || topics.includes('receipts') || topics.includes('seats')) await this.#readDossiers();
      else if (topics.includes('photos')) {
        this.outbox = await this.phone.outbox();
        this.#mark();
        await this.#readRoom();
      }
      this.pulse += 1;
    }
  }

  /** At once with what is shown. Behind the lock nobody knows how much is not sent: what was noted last stands. */
  #mark(): void {
    if (!this.ready || this.device === null || this.isLocked) return;
    const { officeName, device, label, lastExchangeAt: exchangedAt } = this.device;
    const { changes, photos } = this.outbox;
    keepMark({ officeName, device, label, exchangedAt, changes, photos, drafts: this.drafts.length + this.handed.handed });
  }

  async #readDevice(): Promise<void> {
    const device = await this.phone.device();
    this.wiped = device === null ? await this.phone.wiped() : null;
    this.lost = device === null && this.wiped === null ? readMark() : null;
    this.device = device;
    if (device !== null) this.#hasWorked = true;
    this.#mark();
    if (this.wiped === null) return;
    this.#openDraft = null;
    this.#revisions = [];
    this.#forms = {};
    // Whatever this page still has in its memory goes with it.
    if (this.wiped.isDone && this.#hasWorked) startAnew();
  }

  async #readAll(): Promise<void> {
    await Promise.all([this.#readSeats(), this.#readDrafts(), this.#readDossiers()]);
    this.#kept = keptRevisions(await this.phone.kept('revisions'));
    // Nobody but `#keepForms` writes it, into a vault that nobody else opens.
    this.#forms = (await this.phone.kept('forms') ?? {}) as Readonly<Record<string, Value>>;
  }

  async #readSeats(): Promise<void> {
    const [seats, people] = [await this.phone.seats(), await this.phone.people()];
    this.seats = [...seats].sort((one, other) => byGivenName(one.person.name, other.person.name));
    this.people = [...people].sort((one, other) => byGivenName(one.name, other.name));
  }

  async #readDrafts(): Promise<void> {
    const open = this.#openDraft;
    this.drafts = [...await this.phone.drafts()].sort((a, b) => b.savedAt - a.savedAt);
    this.handed = await this.phone.handedCounts();
    this.#mark();
    this.damage = this.phone.damage();
    if (open !== null) await this.#leaveEnded(open);
  }

  /** Another tab sealed or handed over what is open in this one: nothing typed here would be kept. */
  async #leaveEnded(open: DraftView): Promise<void> {
    if (this.drafts.some(({ id }) => id === open.id)) return;
    const isSealed = (await this.phone.held()).dossiers.some(({ record }) => record === open.record);
    const isGiven = !isSealed && (await this.phone.givenToOthers()).some(({ id }) => id === open.id);
    // Whoever ends it in this tab has closed it by now, and goes where they go.
    if (!(isSealed || isGiven) || this.#openDraft !== open) return;
    this.closeDraft(open.id);
    if (!('draft' in place.route) || place.route.draft !== open.id) return;
    voice.say(t('app.draft.ended'));
    place.replace(isSealed ? address.dossier(open.record) : address.today);
  }

  async #readDossiers(): Promise<void> {
    const [{ dossiers, work }, outbox] = await Promise.all([this.phone.held(), this.phone.outbox(), this.#readRoom()]);
    this.work = work;
    this.dossiers = [...dossiers].sort((a, b) => (a.sealedAt < b.sealedAt ? 1 : -1));
    this.outbox = outbox;
    this.#mark();
    this.damage = this.phone.damage();
  }

  async #readRoom(): Promise<void> {
    this.photoRoom = await this.phone.roomForPhotos();
    this.shared = await this.phone.sharedCount();
    this.sharedSince = this.shared === 0 ? null : await this.phone.sharedSince();
  }

  /** Fetches what the branch recorded: by itself on a good line that nobody saves on, or when asked to. */
  async bringClips(isAsked = false): Promise<void> {
    const clips = this.clips;
    const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } };
    const isCheap = this.connection.state === 'online' && connection?.saveData !== true;
    if (!Array.isArray(clips) || clips === this.#clipsBrought || !(isAsked || isCheap)) return;
    this.#clipsBrought = clips;
    const { fetchClips, readClips } = await import('../device/clips');
    if (!(await fetchClips(readClips(clips))) && this.clips === clips) this.#clipsBrought = null;
  }

  async #readReference(): Promise<void> {
    const reference = await this.phone.reference();
    if (reference === null) return;
    await giveWay();
    try {
      this.catalogue = readCatalogue(reference.catalogue);
      this.areas = readAreas(reference.areas);
      this.calendar = reference.calendar === null ? null : readCalendar(reference.calendar);
      this.branch = reference.branch === null ? null : readBranch(reference.branch);
      this.clips = reference.clips;
      this.catalogueIsBad = false;
    } catch (refusal) {
      if (!(refusal instanceof BadCatalogue)) throw refusal;
      this.catalogueIsBad = true;
    }
  }
}

export const [usePhone, givePhone] = createContext<PhoneView>();
