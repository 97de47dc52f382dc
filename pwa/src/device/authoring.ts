/**
 * How the person at work writes: a draft is sealed, a sealed dossier is revised.
 *
 * The one way to change a record. When it answers `sealed`, the change, the log's new head, the
 * record's new state and the draft's end are on the disk, in one transaction.
 */
import { dayOf } from '../procedures/format';
import { HANDED_OVER, handsToSeal } from '../procedures/hands';
import type { StoredPhoto } from '../store/photo';
import type { Draft, StoredRecord } from '../store/port';
import { fromHex, sameBytes } from '../sync/bytes';
import { hasMerged } from '../sync/carrying';
import type { Dot } from '../sync/change';
import { DOSSIER, type WorkKind, fits } from '../sync/kinds';
import type { Value } from '../sync/pack';
import { type State, decodeState, dots, emptyState, shown } from '../sync/record';
import { appendChange } from './appending';
import { codeFor } from './codes';
import { newId } from './identity';
import { partingsOf } from './own_log';
import { type NamedPhotos, attachmentOf, photosToSeal } from './photos';
import type { SealOutcome, WriteTrouble } from './outcomes';
import type { DraftAnswers, PaperAsked, Seen } from './shown';
import type { World } from './world';
import { nameOldLog } from './renewal';
import { keeping } from './trouble';

/** Another tab can be faster once or twice; more often means that something else is wrong. */
const TRIES_MAX = 5;

type Sets = ReadonlyMap<string, Value>;

const NO_PHOTOS: NamedPhotos = { sets: new Map(), names: [], drops: [] };

/** Seals the answers of a draft; what is null or empty was not answered and is left out. */
export async function seal(world: World, draft: Draft, now: DraftAnswers): Promise<SealOutcome> {
  return await keeping(async () => {
    const device = await world.store.device();
    const officeNow = world.clock.now() + (device?.skewMs ?? 0);
    const sealedAt = world.clock.civil(officeNow);
    const sets = new Map<string, Value>([
      ['procedure', draft.procedure],
      ['catalogue_version', draft.catalogueVersion],
      ['area', draft.area],
      ['status', 'sealed'],
      ['sealed_at', sealedAt],
    ]);
    // Where it was begun counts, wherever it is sealed.
    if (draft.stop !== undefined) sets.set('stop', draft.stop);
    if (draft.trip !== undefined) sets.set('trip', draft.trip);
    if (draft.hands !== undefined) sets.set(HANDED_OVER, handsToSeal(draft.hands, (at) => world.clock.civil(at + (device?.skewMs ?? 0))));
    for (const [field, value] of Object.entries(now.answers)) {
      if (value !== null && value !== '') sets.set(field, value);
    }
    for (const [id, { state, count }] of Object.entries(now.papers)) {
      sets.set(`papers.${id}`, { state, count });
    }
    for (const [field, value] of Object.entries(now.promise?.(officeNow) ?? {})) sets.set(field, value);
    const photos = async (): Promise<NamedPhotos | null> =>
      await photosToSeal(world.store, draft, now.papers);
    const codeDay = dayOf(officeNow);
    return await write(world, { record: draft.record, sets, endsDraft: draft.id, photos, codeDay });
  });
}

/** Sets fields of a sealed dossier anew (null removes), with the reason beside them. */
export async function revise(
  world: World,
  record: string,
  fields: Readonly<Record<string, Value>>,
  reason: string,
  seen?: Seen,
): Promise<SealOutcome> {
  return await keeping(async () => {
    const sets = new Map(Object.entries(fields));
    const note = { kind: 'revision', reason, fields: [...sets.keys()] };
    sets.set(`notes.${newId(world.clock, world.random)}`, note);
    const intent = { record, sets, endsDraft: null };
    return await write(world, seen === undefined ? intent : { ...intent, seen });
  });
}

/** Notes a deed on a sealed dossier; no answer is replaced, so nobody is asked for a reason. */
export async function noteOn(
  world: World,
  record: string,
  fields: Readonly<Record<string, Value>>,
): Promise<SealOutcome> {
  return await keeping(async () =>
    await write(world, { record, sets: new Map(Object.entries(fields)), endsDraft: null }));
}

/** A photo that the office can never have gives way to one that was taken anew. */
export async function replacePhoto(
  world: World,
  bad: StoredPhoto,
  fresh: StoredPhoto,
  reason: string,
): Promise<SealOutcome> {
  return await keeping(async () => {
    const [field, value] = attachmentOf(fresh);
    const sets = new Map<string, Value>([[`attachments.${bad.digest}`, null]]);
    // Last, so that the same picture taken twice stands.
    sets.set(field, value);
    const note = { kind: 'revision', reason, fields: [...sets.keys()] };
    sets.set(`notes.${newId(world.clock, world.random)}`, note);
    const photos: NamedPhotos = { sets: new Map(), names: [fresh.id], drops: [bad.id] };
    const { record } = bad;
    const named = (): Promise<NamedPhotos> => Promise.resolve(photos);
    return await write(world, { record, sets, endsDraft: null, photos: named });
  });
}

/** A photo that came after the sealing; the paper it shows is in hand from then on. */
export async function namePhoto(
  world: World,
  fresh: StoredPhoto,
  paper: PaperAsked,
  reason: string,
): Promise<SealOutcome> {
  return await keeping(async () => {
    const stored = await world.store.record(fresh.record);
    if (stored === null) return { kind: 'unknown-record' };
    const sets = new Map([attachmentOf(fresh)]);
    const said = shown(decodeState(stored.state), `papers.${paper.id}`);
    if (!isHandedIn(said)) {
      sets.set(`papers.${paper.id}`, { state: 'handed_in', count: Math.max(paper.count, 1) });
    }
    const note = { kind: 'revision', reason, fields: [...sets.keys()] };
    sets.set(`notes.${newId(world.clock, world.random)}`, note);
    const photos: NamedPhotos = { sets: new Map(), names: [fresh.id], drops: [] };
    const named = (): Promise<NamedPhotos> => Promise.resolve(photos);
    return await write(world, { record: fresh.record, sets, endsDraft: null, photos: named });
  });
}

/** Whether a dossier says of a paper anything but that it is missing. */
function isHandedIn(said: Value | undefined): boolean {
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return false;
  return 'state' in said && said['state'] !== 'missing';
}

/** Makes a record that is no dossier, or changes one; its id where that is asked for. */
export async function keepWork(
  world: World,
  kind: WorkKind,
  record: string | null,
  fields: Readonly<Record<string, Value>>,
): Promise<SealOutcome> {
  return await keeping(async () => {
    const sets = new Map(Object.entries(fields));
    if ([...sets].some(([field, value]) => !fits(kind, field, value))) return { kind: 'too-large' };
    const id = record ?? newId(world.clock, world.random);
    const makes = record === null ? kind : null;
    return await write(world, { record: id, sets, endsDraft: null, makes });
  });
}

interface Intent {
  readonly record: string;
  readonly sets: Sets;
  /** The kind of a record that this begins without a draft. */
  readonly makes?: WorkKind | null;
  /** The draft that becomes the record; null where the record stands already. */
  readonly endsDraft: string | null;
  /** What the screen showed of the fields; without it, what stands is what was seen. */
  readonly seen?: Seen;
  /** Asked anew at each try; null where some are not ready. */
  readonly photos?: () => Promise<NamedPhotos | null>;
  /** The date of the code that the record gets; absent where it gets none. */
  readonly codeDay?: string;
}

async function write(world: World, intent: Intent): Promise<SealOutcome> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const written = await writeOnce(world, intent);
    if (written !== 'raced') return written;
  }
  return { kind: 'store-unavailable' };
}

async function writeOnce(world: World, intent: Intent): Promise<SealOutcome | 'raced'> {
  const { store } = world;
  const device = await store.device();
  const seat = (await store.seats()).find((one) => one.seat === device?.seat);
  if (device === null || seat === undefined || seat.keys === null) {
    return { kind: 'not-signed-in' };
  }
  if (seat.continues !== null && seat.last === 0) {
    await nameOldLog(world, seat);
    return 'raced';
  }
  const stored = await store.record(intent.record);
  const trouble = await placeTrouble(world, intent, stored);
  if (trouble === 'sealed-before') return { kind: 'sealed', record: intent.record };
  if (trouble !== null) return trouble;
  const photos = intent.photos === undefined ? NO_PHOTOS : await intent.photos();
  if (photos === null) return { kind: 'photos-unready' };

  const state = stored === null ? newState(intent) : decodeState(stored.state);
  if (await isBetweenLogs(world, stored, state)) return { kind: 'signing-in-anew' };
  const given =
    intent.codeDay === undefined ? null : await codeFor(store, device, seat, intent.codeDay);
  const code: readonly [string, Value][] = given === null ? [] : [[given.field, given.code]];
  const sets = new Map(
    [...intent.sets, ...code, ...photos.sets].map(([field, value]) => {
      return [field, { dots: replaced(state, field, seat.seat, intent.seen), value: inNfc(value) }];
    }),
  );
  const step = { seat, stored, state, sets, endsDraft: intent.endsDraft, renewed: 0, photos };
  const written = await appendChange(world, { ...step, code: given?.step });
  return written === 'raced' ? 'raced' : { kind: 'sealed', record: intent.record };
}

/**
 * The heads that a set takes the place of: what the screen showed, and what the same person wrote
 * since. What the record has not seen (any more) is left out: it would never come to be replaced.
 */
function replaced(state: State, field: string, seat: number, seen?: Seen): Dot[] {
  const now = dots(state, field);
  if (seen === undefined) return now;
  const shownThen = (seen.get(field) ?? []).filter((dot) => dot.seq <= (state.seen.get(dot.seat) ?? 0));
  const isShown = (dot: Dot): boolean => shownThen.some((one) => isSame(one, dot));
  return [...shownThen, ...now.filter((dot) => dot.seat === seat && !isShown(dot))];
}

function isSame(one: Dot, other: Dot): boolean {
  return one.seat === other.seat && one.seq === other.seq && sameBytes(one.tag, other.tag);
}

/**
 * Whether a record still shows a branch whose author has signed in anew: until the office's state
 * has come and the branch is carried over, a change would name what never reaches the office.
 */
async function isBetweenLogs(
  { store }: World,
  stored: StoredRecord | null,
  state: State,
): Promise<boolean> {
  const goneOn = (await partingsOf(store)).filter(({ continuedBy }) => continuedBy !== null);
  return goneOn.some(
    (one) => hasMerged(state, [one]) && (stored?.renewed ?? 0) < (one.continuedBy ?? 0),
  );
}

/** Two taps, or two tabs, seal a draft once; and nobody revises what is not on this phone. */
async function placeTrouble(
  world: World,
  intent: Intent,
  stored: StoredRecord | null,
): Promise<WriteTrouble | 'sealed-before' | null> {
  if ((intent.makes ?? null) !== null) return null;
  if (intent.endsDraft === null) return stored === null ? { kind: 'unknown-record' } : null;
  if (stored !== null) {
    await world.store.dropDraft(intent.endsDraft);
    return 'sealed-before';
  }
  return null;
}

function newState({ record, makes }: Intent): State {
  return emptyState(fromHex(record), makes ?? DOSSIER);
}

function inNfc(value: Value): Value {
  if (typeof value === 'string') return value.normalize('NFC');
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (isList(value)) return value.map(inNfc);
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key.normalize('NFC'), inNfc(part)]),
  );
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}
