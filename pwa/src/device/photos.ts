/** Photos of papers: added to a draft, taken out again, named when the draft is sealed. */
import { SIGNATURE } from '../procedures/attesting';
import { NEW_JOURNEY, type StoredPhoto } from '../store/photo';
import type { Draft, Store } from '../store/port';
import type { Value } from '../sync/pack';
import { newId } from './identity';
import type { AddPhotoOutcome, Photo, PhotoCount, PhotoFile } from './shown';
import type { World } from './world';
import { keeping } from './trouble';

/** Larger than any camera's picture; what is sent is far smaller. */
const RAW_BYTES_MAX = 60 * 1024 * 1024;
/** So that they fit into one change beside all answers. */
const PHOTOS_OF_RECORD_MAX = 150;
/** What a photo may take while it is raw, ready and shown: for saying how many there is room for. */
const ROOM_OF_PHOTO_BYTES = 6 * 1024 * 1024;
const TYPES = /^(image\/|application\/pdf$)/;

/** Where a photo goes: into a draft, or (draft null) beside a dossier until a revision names it. */
export interface PhotoPlace {
  readonly record: string;
  readonly draft: Draft | null;
  readonly document: string;
  /** The photo whose page it takes; none for a page of its own. */
  readonly instead?: string | null;
}

export async function addPhoto(
  world: World,
  { record, draft, document, instead }: PhotoPlace,
  file: PhotoFile,
): Promise<AddPhotoOutcome> {
  if (!TYPES.test(file.type)) return { kind: 'wrong-type' };
  if (file.bytes.length > RAW_BYTES_MAX) return { kind: 'file-too-large' };
  return await keeping(async (): Promise<AddPhotoOutcome> => {
    const { store, clock, random } = world;
    const others = await store.photos.of(record);
    const old = others.find(({ id }) => id === instead);
    if (others.length >= PHOTOS_OF_RECORD_MAX && old === undefined) return { kind: 'too-many' };
    const device = await store.device();
    const now = clock.now();
    const photo: StoredPhoto = {
      ...NEW_JOURNEY,
      id: newId(clock, random),
      record,
      draft: draft?.id ?? null,
      addedAt: old?.addedAt ?? now,
      document,
      taken: clock.civil(Math.min(file.takenAt, now) + (device?.skewMs ?? 0)),
      type: file.type,
      digest: '',
      size: file.bytes.length,
    };
    const isKept = await store.photos.add(photo, file.bytes);
    // Only now: a phone that dies between the two has both, and loses neither.
    if (isKept && old !== undefined) await removePhoto(store, old.id);
    return isKept ? { kind: 'kept', id: photo.id } : { kind: 'unknown-record' };
  });
}

/** Only one that no change names: what is sealed stays. */
export async function removePhoto(store: Store, id: string): Promise<void> {
  const photo = (await store.photos.all()).find((one) => one.id === id);
  if (photo === undefined || !isLoose(photo)) return;
  await store.photos.drop(id);
}

export async function photosOf(store: Store, record: string): Promise<Photo[]> {
  const photos = [...(await store.photos.of(record))].sort((a, b) => a.addedAt - b.addedAt);
  return photos.map((photo, index) => {
    const { id, document, stage, type, size, refusal } = photo;
    const sent = stage === 'held' ? size : (photo.upload?.offset ?? 0);
    const unknownSince = stage === 'named' ? (photo.unknownSince ?? null) : null;
    const hint = isAmong(photos.slice(0, index), photo) ? 'same' : photo.hint ?? null;
    return { id, document, stage, type, size, sent, refusal, unknownSince, hint };
  });
}

export async function roomForPhotos({ photos }: World): Promise<number | null> {
  const bytes = await photos.room();
  return bytes === null ? null : Math.max(0, Math.floor(bytes / ROOM_OF_PHOTO_BYTES));
}

/** What a sealing says of the photos of a draft; null while some are not ready. */
export interface NamedPhotos {
  readonly sets: ReadonlyMap<string, Value>;
  readonly names: readonly string[];
  readonly drops: readonly string[];
}

/**
 * Photos of papers that the answers no longer ask for are not sealed; nor is one whose bytes another
 * has: a photo is named by its digest, so the office could only ever count one.
 */
export async function photosToSeal(
  store: Store,
  draft: Draft,
  papers: Readonly<Record<string, unknown>>,
): Promise<NamedPhotos | null> {
  const own = (await store.photos.of(draft.record)).filter((photo) => photo.draft === draft.id);
  const asked = own.filter(({ document }) => document in papers || document === SIGNATURE);
  if (asked.some(({ stage }) => stage !== 'prepared')) return null;
  const named = asked.filter((photo, index) => !isAmong(asked.slice(0, index), photo));
  const drops = own.filter((photo) => !named.includes(photo)).map(({ id }) => id);
  const sets = new Map(named.map((photo) => attachmentOf(photo)));
  return { sets, names: named.map(({ id }) => id), drops };
}

/** Named by a change, and with the office or on its way there. */
export function isGood({ stage }: StoredPhoto): boolean {
  return stage === 'named' || stage === 'held';
}

/** Whether one of these has the same bytes; of what is not ready nobody knows. */
export function isAmong(others: readonly StoredPhoto[], { digest }: StoredPhoto): boolean {
  return digest !== '' && others.some((other) => other.digest === digest);
}

export function attachmentOf(photo: StoredPhoto): [string, Value] {
  const { document, size, type, taken } = photo;
  return [`attachments.${photo.digest}`, { document, size, type, taken }];
}

/** Of what changes of this phone name: how many the office holds. */
export function countOf(photos: readonly Pick<StoredPhoto, 'stage'>[]): PhotoCount {
  const named = photos.filter((photo) => !isLoose(photo));
  return { held: named.filter(({ stage }) => stage === 'held').length, of: named.length };
}

export function isWaiting({ stage }: Pick<StoredPhoto, 'stage'>): boolean {
  return stage === 'named';
}

function isLoose({ stage }: Pick<StoredPhoto, 'stage'>): boolean {
  return stage === 'raw' || stage === 'unreadable' || stage === 'prepared';
}

/**
 * Drops what the office has, and a verified backup of it too. A backup covers a photo for sure if
 * it covers a change that was made after the photo had come; `safe` alone may be older than it.
 */
export async function dropSafePhotos(store: Store): Promise<void> {
  const safe = new Map((await store.receipts()).map((receipt) => [receipt.seat, receipt]));
  for (const photo of await store.photos.all()) {
    if (photo.stage !== 'held') continue;
    const receipt = safe.get(photo.seat);
    const isSafe = receipt?.epoch === photo.heldEpoch && receipt.safe > photo.heldLast;
    if (photo.hasBytes && isSafe) await store.photos.dropBytes(photo.id);
    // The dossier has left this phone: so does its picture.
    const hasLeft = !photo.hasBytes && (await store.record(photo.record)) === null;
    if (hasLeft) await store.photos.drop(photo.id);
  }
}
