/**
 * Bundles of this phone: made when somebody's work is locked away or for a rescue file, and carried
 * for others. All of it works without a network.
 */
import type { Store, StoredBundle, StoredDevice, StoredSeat } from '../store/port';
import { BATCH_PROTOCOL, type Batch, lastOf, signBatch } from '../sync/batch';
import { bundleDigest, bundlesIn, fileParts, readBundle } from '../sync/bundle';
import type { Bytes } from '../sync/bytes';
import { EXCHANGE_BATCHES_MAX } from '../sync/limits';
import { Refusal } from '../sync/refusals';
import { photosToBundle, sealedPhotos } from './bundled_photos';
import { isWaiting } from './carrying';
import { signerOf } from './keys';
import { unbroken } from './own_log';
import type { ExportOutcome, ExportScope, ImportOutcome, LockOutcome, Progress } from './outcomes';
import type { World } from './world';
import { BUNDLE_BYTES, findBundleKey, sealMessage } from './sealing_bundles';
import { keeping } from './trouble';

const BATCH_CHANGES = 200;

/** A person's changes that are to be sealed: those above a seq. */
interface Owed {
  readonly seat: StoredSeat;
  readonly after: number;
}

export async function exportFile(
  world: World,
  scope: ExportScope,
  progress: Progress,
): Promise<ExportOutcome> {
  return await keeping(async (): Promise<ExportOutcome> => {
    const { store } = world;
    const device = await store.device();
    if (device === null) return { kind: 'not-enrolled' };
    const owed = await owedOf(store, device, scope);
    const all = owed.reduce((sum, { seat, after }) => sum + Math.max(seat.last - after, 0), 0);
    const open = new Set(owed.map(({ seat }) => seat.seat));
    // What was sealed of somebody whose vault is locked is as much another's as what was brought.
    const others = (await store.bundles.all()).filter(
      ({ covers }) => covers === null || !open.has(covers.seat),
    );
    const carried = others.filter(({ heldAt }) => scope === 'unsafe' || heldAt === null);
    const photos = await photosToBundle(store, open, scope);
    const own = all + photos.due.length;
    if (own + photos.left + carried.length === 0) return { kind: 'nothing' };
    const made: Bytes[] = [];
    let sealedCount = 0;
    if (own > 0) {
      const officeKey = await findBundleKey(store);
      if (officeKey === null) return { kind: 'no-key' };
      let done = 0;
      progress(done, own);
      for await (const { raw, batches } of sealedBundles(world, device, officeKey, owed)) {
        made.push(raw);
        done += batches.reduce((sum, { changes }) => sum + changes.length, 0);
        progress(done, own);
      }
      for await (const sealed of sealedPhotos(world, device, officeKey, photos.due)) {
        made.push(sealed.raw);
        sealedCount += sealed.photos;
        progress(all + sealedCount, own);
      }
    }
    const parts = fileParts([...made, ...carried.map(({ raw }) => raw)]);
    const counts = { changes: all, carried: carried.length, photos: sealedCount };
    return { kind: 'exported', parts, ...counts, photosLeft: photos.left };
  });
}

/** Seals what the office has not acknowledged of a person, to be sent by whoever is next. */
export async function sealUnsent(world: World, number: number): Promise<LockOutcome> {
  return await keeping(async (): Promise<LockOutcome> => {
    const { store, clock } = world;
    const device = await store.device();
    const seat = (await store.seats()).find((one) => one.seat === number);
    if (device === null || seat === undefined) return { kind: 'not-enrolled' };
    if (seat.keys === null) return { kind: 'sealed', changes: 0 };
    const owed = (await owedOf(store, device, 'unsent')).find((one) => one.seat.seat === number);
    const sealed = Math.max(0, ...(await store.bundles.all()).map(sealedOf(number)));
    const after = Math.max(owed?.after ?? seat.last, sealed);
    if (seat.last <= after) return { kind: 'sealed', changes: 0 };
    const officeKey = await findBundleKey(store);
    if (officeKey === null) return { kind: 'no-key' };
    const made: StoredBundle[] = [];
    const work = sealedBundles(world, device, officeKey, [{ seat, after }]);
    for await (const { raw, batches } of work) {
      const last = Math.max(...batches.map(lastOf));
      made.push({ ...rowOf(raw, 'own', clock.now()), covers: { seat: number, last } });
    }
    await store.bundles.add(made);
    return { kind: 'sealed', changes: seat.last - after };
  });
}

/** Takes over the bundles of a rescue file that are for this phone's office. */
export async function importFile(world: World, file: Bytes): Promise<ImportOutcome> {
  return await keeping(async (): Promise<ImportOutcome> => {
    const { store, clock } = world;
    const device = await store.device();
    if (device === null) return { kind: 'not-enrolled' };
    const found = readFile(file);
    if (found === null) return { kind: 'no-rescue-file' };
    const offices = found.bundles.map(officeOf);
    const ours = found.bundles.filter((_, place) => offices[place] === device.office);
    const broken = offices.filter((office) => office === null).length;
    const added = await store.bundles.add(ours.map((raw) => rowOf(raw, 'carried', clock.now())));
    return {
      kind: 'imported',
      added,
      known: ours.length - added,
      foreign: offices.length - ours.length - broken,
      broken,
      isWhole: found.isWhole,
    };
  });
}

async function owedOf(store: Store, device: StoredDevice, scope: ExportScope): Promise<Owed[]> {
  const receipts = new Map((await store.receipts()).map((receipt) => [receipt.seat, receipt]));
  const own = (await store.seats()).filter(
    (seat) => seat.device === device.device && !seat.isClosed && seat.keys !== null,
  );
  return own.map((seat) => {
    const receipt = receipts.get(seat.seat);
    return { seat, after: (scope === 'unsent' ? receipt?.held : receipt?.safe) ?? 0 };
  });
}

async function* sealedBundles(
  world: World,
  device: StoredDevice,
  officeKey: Bytes,
  owed: readonly Owed[],
): AsyncGenerator<{ readonly raw: Bytes; readonly batches: readonly Batch[] }> {
  let batches: Batch[] = [];
  let bytes = 0;
  for await (const batch of batchesOf(world.store, device.office, owed)) {
    const size = batch.changes.reduce((sum, change) => sum + change.length, 0);
    const isFull = bytes + size > BUNDLE_BYTES || batches.length === EXCHANGE_BATCHES_MAX;
    if (batches.length > 0 && isFull) {
      yield { raw: await sealMessage(world, device, officeKey, { batches }), batches };
      [batches, bytes] = [[], 0];
    }
    batches.push(batch);
    bytes += size;
  }
  if (batches.length > 0) {
    yield { raw: await sealMessage(world, device, officeKey, { batches }), batches };
  }
}

async function* batchesOf(
  store: Store,
  office: string,
  owed: readonly Owed[],
): AsyncGenerator<Batch> {
  for (const { seat, after } of owed) {
    const { keys } = seat;
    if (keys === null) continue;
    for (let from = after; ; ) {
      const found = await store.entriesAfter(seat.seat, from, BATCH_CHANGES, BUNDLE_BYTES);
      const entries = unbroken(found, Math.max(from, seat.dropped));
      const [first, last] = [entries[0], entries.at(-1)];
      if (first === undefined || last === undefined) break;
      const changes = entries.map(({ change }) => change);
      const batch = { protocol: BATCH_PROTOCOL, seat: seat.seat, first: first.seq, changes };
      yield await signBatch(signerOf(keys), office, { ...batch, head: last.head });
      from = last.seq;
    }
  }
}

function rowOf(raw: Bytes, origin: StoredBundle['origin'], addedAt: number): StoredBundle {
  const digest = bundleDigest(raw);
  return { digest, raw, origin, addedAt, covers: null, heldAt: null, code: '' };
}

/** Up to where a bundle that may still get there covers a person's log. */
function sealedOf(seat: number): (bundle: StoredBundle) => number {
  return (bundle) => {
    if (bundle.covers?.seat !== seat) return 0;
    return bundle.heldAt !== null || isWaiting(bundle) ? bundle.covers.last : 0;
  };
}

function readFile(file: Bytes): ReturnType<typeof bundlesIn> | null {
  return readOrNull(() => bundlesIn(file));
}

/** For whom a bundle is; null where it is none. */
function officeOf(raw: Bytes): string | null {
  return readOrNull(() => readBundle(raw).office);
}

function readOrNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (refusal) {
    if (refusal instanceof Refusal) return null;
    throw refusal;
  }
}
