/** The door of the screens: each deed in its own file, put together over one world. */
import type {
  Damage,
  Draft,
  LeftDossier,
  LockTimes,
  StoredDevice,
  StoredSeat,
  VaultLoss,
  WipeMark,
} from '../store/port';
import { isTooOld } from '../sync/app_version';
import { DOSSIER, type WorkKind } from '../sync/kinds';
import type { Value } from '../sync/pack';
import type { Bytes } from '../sync/bytes';
import { keepWork, namePhoto, noteOn, replacePhoto, revise, seal } from './authoring';
import { dayToday, supplyOf } from './codes';
import { Darkroom } from './darkroom';
import { readOrSetAside, readPeople } from './dossier';
import { saveDraft, startDraft } from './drafting';
import { enrol } from './enrolment';
import { exportFile, importFile, sealUnsent } from './bundles';
import { findingsOf } from './findings';
import { addPhoto, isAmong, isGood, photosOf, removePhoto, roomForPhotos } from './photos';
import type {
  Carried,
  ConfirmationOutcome,
  FirstPin,
  OpenerOutcome,
  UnlockOutcome,
  Connection,
  EnrolOutcome,
  ExchangeOutcome,
  ExportOutcome,
  ExportScope,
  ImportOutcome,
  LockOutcome,
  Progress,
  SaveOutcome,
  SealOutcome,
  SignInOutcome,
  Topic,
  WriteTrouble,
} from './outcomes';
import type { Phone, Pushes } from './port';
import type {
  AddPhotoOutcome,
  CodeSupply,
  PersonHere,
  Dossier,
  DossierTruth,
  DraftAnswers,
  DraftStart,
  EnrolledDevice,
  Held,
  Outbox,
  PaperAsked,
  Photo,
  PhotoFile,
  Reference,
  Seen,
  SamePhoto,
  SharedPaper,
  SignedIn,
} from './shown';
import type { World } from './world';
import { LEAVE_DAYS } from './leaving';
import { mustGoOn } from './own_log';
import { LOG_DAYS } from './pruning';
import { knownMoment } from './phone_date';
import { type FetchOutcome, fetchReference, openReference } from './reference';
import { signIn } from './seat';
import { Sender } from './sender';
import { keeping } from './trouble';
import { outboxOf, truthOf } from './truth';
import { changeShift, shiftOf } from './shift';
import { choosePin, isLocked, lock, newestOf, peopleHere, sealOwed, unlock } from './vaults';
import { endWipe } from './wiping';
import { workOf } from './work';

/** Usual times until a vault locks by itself. */
const LOCK_TIMES: LockTimes = { untouchedMs: 120_000, hiddenMs: 30_000 };
const NO_LOSS: VaultLoss = { changes: 0, drafts: 0, photos: 0 };

export function phoneWith(world: World): Phone {
  return new FieldPhone(world);
}

class FieldPhone implements Phone {
  private readonly world: World;
  private readonly sender: Sender;
  private readonly darkroom: Darkroom;
  private readonly listeners = new Set<(topic: Topic) => void>();
  private opened: { readonly etag: string; readonly reference: Reference } | null = null;

  constructor(world: World) {
    this.world = world;
    this.sender = new Sender(world, (topic) => {
      this.tell(topic);
    });
    this.darkroom = new Darkroom(world, (topic) => {
      this.tell(topic);
    });
    world.tabs.hear((topic) => {
      this.announce(topic);
    });
  }

  // ---- this phone and its people -----------------------------------------------------------

  async device(): Promise<EnrolledDevice | null> {
    const device = await this.world.store.device();
    return device === null ? null : enrolledOf(device, this.world);
  }

  async wiped(): Promise<WipeMark | null> {
    return await this.world.store.wiped();
  }

  async endWipe(): Promise<void> {
    await endWipe(this.world, (topic) => {
      this.tell(topic);
    });
  }

  async enrol(code: string, label: string): Promise<EnrolOutcome> {
    return this.after(await enrol(this.world, code, label), 'enrolled', 'device');
  }

  async pollConfirmation(): Promise<ConfirmationOutcome> {
    const outcome = await this.sender.tryNow(true);
    return confirmationOf(outcome, await this.world.store.device());
  }

  async seats(): Promise<readonly SignedIn[]> {
    const { store, clock } = this.world;
    const device = await store.device();
    const day = dayToday(clock, device?.skewMs ?? 0);
    const leases = await store.codes.leases();
    const supply = (seat: number): CodeSupply | null => supplyOf(leases, seat, day);
    return signedInOf(await store.seats(), device, supply);
  }

  async signIn(staff: string, secret: string, first?: FirstPin): Promise<SignInOutcome> {
    const outcome = await signIn(this.world, staff, secret, first ?? null);
    if (outcome.kind === 'signed-in') this.tellUnlocked();
    return this.after(outcome, 'signed-in', 'seats');
  }

  // ---- vaults ------------------------------------------------------------------------------

  async people(): Promise<readonly PersonHere[]> {
    return await peopleHere(this.world);
  }

  async isLocked(): Promise<boolean> {
    return await isLocked(this.world);
  }

  async unlock(staff: string, pin: string): Promise<UnlockOutcome> {
    return this.entered(await unlock(this.world, staff, pin));
  }

  async choosePin(staff: string, pin: string): Promise<UnlockOutcome> {
    return this.entered(await choosePin(this.world, staff, pin));
  }

  async canPasskey(): Promise<boolean> {
    return (await (await this.world.vaults?.passkeys?.())?.isHere()) ?? false;
  }

  async unlockByPasskey(staff: string): Promise<UnlockOutcome> {
    const { unlockByPasskey } = await import('./openers');
    return this.entered(await unlockByPasskey(this.world, staff));
  }

  async changePin(old: string, next: string): Promise<OpenerOutcome> {
    const { changePin } = await import('./openers');
    return this.reopened(await changePin(this.world, old, next));
  }

  async addPasskey(pin: string): Promise<OpenerOutcome> {
    const { addPasskey } = await import('./openers');
    return this.reopened(await addPasskey(this.world, pin));
  }

  async removePasskey(): Promise<OpenerOutcome> {
    const { removePasskey } = await import('./openers');
    return this.reopened(await removePasskey(this.world));
  }

  async lock(): Promise<void> {
    await this.leave();
    this.tell('locked');
  }

  async leave(): Promise<void> {
    await lock(this.world);
  }

  async sealOwed(): Promise<void> {
    await keeping(async () => {
      await sealOwed(this.world);
    });
  }

  async lossOf(staff: string): Promise<VaultLoss> {
    const { store } = this.world;
    const vault = (await store.vaults.all()).find((one) => one.staff === staff);
    return vault === undefined ? NO_LOSS : await store.vaults.lossOf(vault.id);
  }

  async pushes(): Promise<Pushes | null> {
    if (this.world.push === undefined) return null;
    const [{ pushesOf }, browser] = await Promise.all([import('./push'), this.world.push()]);
    return pushesOf(this.world, browser);
  }

  async lockAfter(locks: LockTimes): Promise<void> {
    await this.world.store.changeDevice((device) => ({ ...device, locks }));
    this.tell('device');
  }

  async keep(name: string, value: Value | null): Promise<WriteTrouble | null> {
    return await keeping(async () => {
      await this.world.store.kept.put(name, value);
      return null;
    });
  }

  async kept(name: string): Promise<Value | null> {
    return await this.world.store.kept.get(name);
  }

  private entered(outcome: UnlockOutcome): UnlockOutcome {
    if (outcome.kind !== 'unlocked') return outcome;
    this.tellUnlocked();
    // Whoever asked reads all that was behind the lock; to tell them so would make them read it twice.
    this.sender.poke();
    return outcome;
  }

  /** Whatever came of it, tries may have been counted. */
  private reopened(outcome: OpenerOutcome): OpenerOutcome {
    this.tell('seats');
    return outcome;
  }

  private tellUnlocked(): void {
    this.tell('unlocked');
    this.prepare();
    // Without it nothing can be shared into the app; whatever keeps it off, the next opening tries anew.
    void import('./shared').then(async ({ makeInbox }) => { await makeInbox(this.world); }).catch(() => undefined);
  }


  async workAs(seat: number | null): Promise<void> {
    await this.world.store.changeDevice((device) => ({ ...device, seat }));
    this.tell('seats');
    this.sender.poke();
  }

  async personOf(seat: number): Promise<string | null> {
    return (await readPeople(this.world.store)).names.get(seat) ?? null;
  }

  async work(stop: string | null): Promise<WriteTrouble | null> {
    const trouble = await changeShift(this.world, stop);
    this.tell('device');
    return trouble;
  }

  // ---- drafts and what becomes of them -----------------------------------------------------

  async drafts(): Promise<readonly Draft[]> {
    return await this.world.store.drafts();
  }

  async draft(id: string): Promise<Draft | null> {
    return await this.world.store.draft(id);
  }

  async startDraft(start: DraftStart): Promise<SaveOutcome> {
    return this.after(await startDraft(this.world, start), 'saved', 'drafts');
  }

  async saveDraft(draft: Draft, now: DraftAnswers): Promise<SaveOutcome> {
    return this.after(await saveDraft(this.world, draft, now), 'saved', 'drafts');
  }

  async dropDraft(id: string): Promise<WriteTrouble | null> {
    const trouble = await keeping(async () => {
      await this.world.store.dropDraft(id);
      return null;
    });
    this.tell('drafts');
    return trouble;
  }

  async seal(draft: Draft, now: DraftAnswers): Promise<SealOutcome> {
    await this.darkroom.develop();
    const outcome = this.after(await seal(this.world, draft, now), 'sealed', 'drafts');
    // One code fewer is left.
    if (outcome.kind === 'sealed') this.tell('seats');
    return this.after(outcome, 'sealed', 'records');
  }

  async noteOn(record: string, fields: Readonly<Record<string, Value>>): Promise<SealOutcome> {
    return this.after(await noteOn(this.world, record, fields), 'sealed', 'records');
  }

  async revise(
    record: string,
    fields: Readonly<Record<string, Value>>,
    reason: string,
    seen?: Seen,
  ): Promise<SealOutcome> {
    return this.after(await revise(this.world, record, fields, reason, seen), 'sealed', 'records');
  }

  // ---- photos ------------------------------------------------------------------------------

  async photosOf(record: string): Promise<readonly Photo[]> {
    return await photosOf(this.world.store, record);
  }

  async thumbnail(photo: string): Promise<Bytes | null> {
    return await this.world.store.photos.bytes(photo, 'thumbnail');
  }

  async picture(photo: string): Promise<Bytes | null> {
    return await this.world.store.photos.bytes(photo, 'whole');
  }

  async addPhoto(
    draft: Draft,
    document: string,
    file: PhotoFile,
    instead?: string,
  ): Promise<AddPhotoOutcome> {
    const { record } = draft;
    const place = { record, draft, document, instead: instead ?? null };
    const outcome = await addPhoto(this.world, place, file);
    this.tell('photos');
    if (outcome.kind === 'kept') this.prepare();
    return outcome;
  }

  async removePhoto(photo: string): Promise<void> {
    await removePhoto(this.world.store, photo);
    this.tell('photos');
  }

  async replacePhoto(
    id: string,
    file: PhotoFile,
    reason: string,
  ): Promise<AddPhotoOutcome | SealOutcome> {
    const { store } = this.world;
    const bad = (await store.photos.all()).find((photo) => photo.id === id);
    if (bad?.stage !== 'refused') return { kind: 'unknown-record' };
    const { record, document } = bad;
    const added = await addPhoto(this.world, { record, draft: null, document }, file);
    if (added.kind !== 'kept') return added;
    await this.darkroom.develop();
    const fresh = (await store.photos.of(record)).find((photo) => photo.id === added.id);
    if (fresh?.stage !== 'prepared') {
      await store.photos.drop(added.id);
      return { kind: 'photos-unready' };
    }
    const outcome = await replacePhoto(this.world, bad, fresh, reason);
    this.tell('photos');
    return this.after(outcome, 'sealed', 'records');
  }

  async supplement(
    record: string,
    paper: PaperAsked,
    file: PhotoFile,
    reason: string,
  ): Promise<AddPhotoOutcome | SealOutcome | SamePhoto> {
    const place = { record, draft: null, document: paper.id };
    const added = await addPhoto(this.world, place, file);
    if (added.kind !== 'kept') return added;
    await this.darkroom.develop();
    const outcome = await this.namePhoto(added.id, paper, reason);
    // Nothing was said to be saved: a file that is no picture is where it was.
    if (outcome.kind === 'photos-unready' || outcome.kind === 'same-photo') await this.removePhoto(added.id);
    return outcome;
  }

  async namePhoto(id: string, paper: PaperAsked, reason: string): Promise<SealOutcome | SamePhoto> {
    const all = await this.world.store.photos.all();
    const photo = all.find((one) => one.id === id);
    if (photo?.stage !== 'prepared') return { kind: 'photos-unready' };
    if (isAmong(all.filter((one) => one.record === photo.record && isGood(one)), photo)) return { kind: 'same-photo' };
    const outcome = await namePhoto(this.world, photo, paper, reason);
    this.tell('photos');
    return this.after(outcome, 'sealed', 'records');
  }

  async sharedPapers(): Promise<readonly SharedPaper[]> {
    const { sharedPapers } = await import('./shared');
    return await sharedPapers(this.world);
  }

  async sharedCount(): Promise<number> {
    return await this.world.store.kept.sharedCount();
  }

  async sharedSince(): Promise<number | null> {
    return await this.world.store.kept.sharedSince();
  }

  async dropShared(name: string): Promise<WriteTrouble | null> {
    const trouble = await this.keep(name, null);
    this.tell('photos');
    return trouble;
  }

  async roomForPhotos(): Promise<number | null> {
    return await roomForPhotos(this.world);
  }

  /** In the background: what cannot be written now is tried again at the next start. */
  private prepare(): void {
    void keeping(async () => {
      await this.darkroom.develop();
    });
  }

  // ---- dossiers ----------------------------------------------------------------------------

  async dossiers(): Promise<readonly Dossier[]> {
    return (await this.held()).dossiers;
  }

  async held(): Promise<Held> {
    const { store } = this.world;
    const people = await readPeople(store);
    let records = await store.records();
    if (store.damage().records.some(({ isOwn }) => isOwn)) {
      const { remakeOwn } = await import('./mending');
      const made = await keeping(async () => await remakeOwn(this.world));
      if (made !== 0) records = await store.records();
    }
    const all = records.flatMap((record) => {
      const dossier = readOrSetAside(store, record, people);
      return dossier === null ? [] : [dossier];
    });
    return { dossiers: all.filter(({ kind }) => kind === DOSSIER), work: all.flatMap(workOf) };
  }

  async keepWork(
    kind: WorkKind,
    record: string | null,
    fields: Readonly<Record<string, Value>>,
  ): Promise<SealOutcome> {
    return this.after(await keepWork(this.world, kind, record, fields), 'sealed', 'records');
  }

  async dossier(id: string): Promise<Dossier | null> {
    const record = await this.world.store.record(id);
    if (record === null) return null;
    return readOrSetAside(this.world.store, record, await readPeople(this.world.store));
  }

  damage(): Damage {
    return this.world.store.damage();
  }

  async removableDamage(): Promise<readonly string[]> {
    const { givenByNobody } = await import('./mending');
    return await givenByNobody(this.world.store);
  }

  async removeDamage(): Promise<WriteTrouble | null> {
    const { removeGivenByNobody } = await import('./mending');
    const trouble = await keeping(async () => {
      await removeGivenByNobody(this.world);
      return null;
    });
    this.tell('records');
    return trouble;
  }

  async left(): Promise<readonly LeftDossier[]> {
    return await this.world.store.kept.left();
  }

  async dossierTruth(record: string): Promise<DossierTruth> {
    return await truthOf(this.world.store, record, this.sender.connection.sending);
  }

  async outbox(): Promise<Outbox> {
    return await outboxOf(this.world.store);
  }

  // ---- bundles -----------------------------------------------------------------------------

  async exportFile(scope: ExportScope, progress: Progress): Promise<ExportOutcome> {
    return await exportFile(this.world, scope, progress);
  }

  async importFile(file: Bytes): Promise<ImportOutcome> {
    return this.after(await importFile(this.world, file), 'imported', 'bundles');
  }

  async carried(): Promise<readonly Carried[]> {
    const bundles = await this.world.store.bundles.all();
    return bundles
      .filter(({ origin }) => origin === 'carried')
      .map(({ digest, raw, addedAt, heldAt, code }) => {
        return { digest, bytes: raw.length, addedAt, heldAt, code };
      });
  }

  async dropCarried(digest: string): Promise<void> {
    await this.world.store.bundles.drop([digest]);
    this.tell('bundles');
  }

  async sealUnsent(seat: number): Promise<LockOutcome> {
    return this.after(await sealUnsent(this.world, seat), 'sealed', 'bundles');
  }

  // ---- reference data ----------------------------------------------------------------------

  async reference(): Promise<Reference | null> {
    const stored = await this.world.store.reference();
    if (stored === null) return null;
    if (this.opened?.etag !== stored.etag) {
      this.opened = { etag: stored.etag, reference: openReference(stored) };
    }
    return this.opened.reference;
  }

  async fetchReference(): Promise<FetchOutcome> {
    const outcome = await fetchReference(this.world);
    if (outcome.kind === 'fetched') this.tell('reference');
    return outcome;
  }

  // ---- sending -----------------------------------------------------------------------------

  connection(): Connection {
    return this.sender.connection;
  }

  async exchangeNow(): Promise<ExchangeOutcome> {
    const { store } = this.world;
    // The button also gives another chance to what the office could not take last time.
    for (const { seat, trouble } of await store.seats()) {
      if (trouble === 'log-refused') await store.changeSeat(seat, { trouble: null });
    }
    return await this.sender.tryNow(true);
  }

  async workOffline(on: boolean): Promise<void> {
    await this.sender.pause(on);
  }

  async keepLogFor(days: number): Promise<void> {
    await this.world.store.changeDevice((device) => ({ ...device, logDays: days }));
    this.tell('device');
  }

  async leaveAfter(leaveDays: number): Promise<void> {
    await this.world.store.changeDevice((device) => ({ ...device, leaveDays }));
    this.tell('device');
  }

  start(): () => void {
    this.prepare();
    const mind = (): void => {
      void this.mindPush();
    };
    mind();
    const endings = [this.world.wakes(mind), this.sender.start()];
    return () => {
      for (const end of endings) end();
    };
  }

  /** Where nobody wishes to be woken, nothing of it is even fetched. */
  private async mindPush(): Promise<void> {
    await keeping(async () => {
      const device = await this.world.store.device();
      if (device?.push !== undefined) await (await this.pushes())?.mind(false);
    });
  }

  watch(listener: (topic: Topic) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Tells of a deed that was done; a write that may go out wakes the sender. */
  private after<T extends { readonly kind: string }>(outcome: T, done: string, topic: Topic): T {
    if (outcome.kind === done) {
      this.tell(topic);
      if (topic !== 'drafts') this.sender.poke();
    }
    return outcome;
  }

  /** Tells this tab and the others. How this tab is connected is nobody else's business. */
  private tell(topic: Topic): void {
    this.announce(topic);
    if (topic !== 'connection') this.world.tabs.tell(topic);
  }

  private announce(topic: Topic): void {
    for (const listener of this.listeners) listener(topic);
  }
}

function enrolledOf(
  device: StoredDevice,
  { appVersion, released }: Pick<World, 'appVersion' | 'released'>,
): EnrolledDevice {
  const { office, officeName, label, words, status, seat } = device;
  const { workOffline, lastExchangeAt, skewMs } = device;
  const known = knownMoment(released, lastExchangeAt);
  const sending = { workOffline, lastExchangeAt, skewMs, known, logDays: device.logDays ?? LOG_DAYS };
  const order = device.order?.action ?? null;
  const limits = { order, isTooOld: isTooOld(appVersion, device.minVersion ?? '0') };
  const locks = device.locks ?? LOCK_TIMES;
  const leaveDays = device.leaveDays ?? LEAVE_DAYS;
  const own = { office, officeName, device: device.device, label, words, locks, leaveDays };
  const shift = shiftOf(device, seat);
  return { ...own, status, seat, ...sending, ...limits, findings: findingsOf(device), shift };
}

/** Who signed in again has a newer seat; the older one only hands in what it still owes. */
function signedInOf(
  seats: readonly StoredSeat[],
  device: StoredDevice | null,
  supply: (seat: number) => CodeSupply | null,
): SignedIn[] {
  const open = new Set(seats.filter(({ isClosed }) => !isClosed).map(({ seat }) => seat));
  return newestOf(seats, device).map(({ seat, person, areas, trouble, continues }) => {
    const isCarrying = continues !== null && open.has(continues.seat);
    const mustSignInAnew = mustGoOn(trouble);
    const atWork = seat === device?.seat;
    const codes = supply(seat);
    return { seat, person, areas, atWork, trouble, mustSignInAnew, isCarrying, codes };
  });
}

/** Whatever the exchange itself came to: what this phone now knows of the desk's word. */
function confirmationOf(
  outcome: ExchangeOutcome,
  device: StoredDevice | null,
): ConfirmationOutcome {
  if (device === null) return { kind: 'not-enrolled' };
  switch (outcome.kind) {
    case 'offline':
    case 'unreachable':
    case 'wrong-date':
    case 'slow':
    case 'captive':
    case 'busy':
    case 'server-error':
    case 'untrusted':
      return outcome;
    case 'refused':
      if (!outcome.code.startsWith('device-')) return outcome;
      return { kind: device.status === 'refused' ? 'refused-by-desk' : device.status };
    default:
      return { kind: device.status === 'refused' ? 'refused-by-desk' : device.status };
  }
}
