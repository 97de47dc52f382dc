/**
 * The photos in a rescue file: those that the office waits for, or that no backup covers, of people
 * whose work is in it. They stand behind the changes that name them.
 */
import type { StoredPhoto } from '../store/photo';
import type { Store, StoredDevice } from '../store/port';
import type { CarriedAttachment } from '../sync/bundle';
import { type Bytes, fromHex } from '../sync/bytes';
import { BUNDLE_ATTACHMENTS_MAX, BUNDLE_FILE_BYTES_MAX } from '../sync/limits';
import { digestOf } from './darkroom';
import type { ExportScope } from './outcomes';
import type { World } from './world';
import { BUNDLE_BYTES, sealMessage } from './sealing_bundles';

/** One that weighs more fits into no bundle; it goes by its own way when there is a network. */
const PHOTO_BYTES_MAX = 3.5 * 1024 * 1024;
/** All together; what is left of a file's bound is for changes and for what is carried for others. */
const ALL_BYTES_MAX = BUNDLE_FILE_BYTES_MAX * 0.75;

export interface PhotosToBundle {
  readonly due: readonly StoredPhoto[];
  /** How many are too large for a file. */
  readonly left: number;
}

export async function photosToBundle(
  store: Store,
  seats: ReadonlySet<number>,
  scope: ExportScope,
): Promise<PhotosToBundle> {
  const wanted = (await store.photos.all()).filter(
    ({ seat, stage, hasBytes }) =>
      seats.has(seat) && hasBytes && (stage === 'named' || (scope === 'unsafe' && stage === 'held')),
  );
  let bytes = 0;
  const due = wanted.filter(({ size }) => {
    const fits = size <= PHOTO_BYTES_MAX && bytes + size <= ALL_BYTES_MAX;
    if (fits) bytes += size;
    return fits;
  });
  return { due, left: wanted.length - due.length };
}

/** Bundles of photos, and how many are in each. What the disk has spoilt is left out. */
export async function* sealedPhotos(
  world: World,
  device: StoredDevice,
  officeKey: Bytes,
  due: readonly StoredPhoto[],
): AsyncGenerator<{ readonly raw: Bytes; readonly photos: number }> {
  let [attachments, bytes]: [CarriedAttachment[], number] = [[], 0];
  const seal = async (): Promise<{ readonly raw: Bytes; readonly photos: number }> => {
    const handed = { batches: [], attachments };
    const sealed = { raw: await sealMessage(world, device, officeKey, handed), photos: attachments.length };
    [attachments, bytes] = [[], 0];
    return sealed;
  };
  for (const { id, record, type, digest } of due) {
    const data = await world.store.photos.bytes(id, 'whole');
    if (data === null || (await digestOf(data)) !== digest) continue;
    const isFull = bytes + data.length > BUNDLE_BYTES || attachments.length === BUNDLE_ATTACHMENTS_MAX;
    if (attachments.length > 0 && isFull) yield await seal();
    attachments.push({ record: fromHex(record), type, data });
    bytes += data.length;
  }
  if (attachments.length > 0) yield await seal();
}
