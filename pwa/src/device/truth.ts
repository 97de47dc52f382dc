/** Where a dossier is on its journey. "Received" comes from a receipt, or not at all. */
import type { StoredPhoto } from '../store/photo';
import type { Store } from '../store/port';
import { decodeState } from '../sync/record';
import { isUnaccepted } from './findings';
import { countOf, isWaiting } from './photos';
import type { DossierTruth, OthersPhotos, Outbox } from './shown';

export async function truthOf(
  store: Store,
  record: string,
  isSending: boolean,
): Promise<DossierTruth> {
  const unsent = (await store.unsent()).filter((one) => one.record === record);
  if (unsent.length > 0) {
    const why = await attention(store, new Set(unsent.map(({ seat }) => seat)));
    if (why !== null) return { place: 'attention', why };
    return { place: isSending ? 'sending' : 'saved' };
  }
  if (await isUnaccepted(store, record)) return { place: 'attention', why: 'not-accepted' };
  const photos = await store.photos.of(record);
  const refusal = photos.find(({ stage }) => stage === 'refused')?.refusal ?? null;
  if (refusal !== null) return { place: 'attention', why: `photo-${refusal}` };
  if (photos.some(isUnknown)) return { place: 'attention', why: 'photo-unknown' };
  // Also those of a colleague whose vault is locked: without them the office has not all of it.
  const count = countOf(await store.photos.ways(record));
  if (count.held < count.of) {
    return { place: 'sending', photos: count, isWaiting: !isSending || !photos.some(isWaiting) };
  }
  const counted = count.of === 0 ? {} : { photos: count };
  const heldAt = Math.max(0, ...photos.map((photo) => photo.heldAt));
  const receivedAt = await lastReceipt(store, record);
  if (receivedAt > 0) {
    return { place: 'received', receivedAt: Math.max(receivedAt, heldAt), ...counted };
  }
  const stored = await store.record(record);
  return stored === null
    ? { place: 'draft' }
    : { place: 'received', receivedAt: lastArrival(stored.state), ...counted };
}

export async function outboxOf(store: Store): Promise<Outbox> {
  const unsent = await store.unsent();
  const all = await store.photos.all();
  const photos = all.filter(isWaiting);
  const stuck = all.filter(({ stage }) => stage === 'refused');
  const times = [...unsent.map(({ at }) => at), ...photos.map(({ addedAt }) => addedAt)];
  const records = [...unsent, ...photos, ...stuck].map(({ record }) => record);
  return {
    changes: unsent.length,
    records: [...new Set(records)],
    oldestAt: times.length === 0 ? null : Math.min(...times),
    photos: photos.length,
    photoBytes: photos.reduce((sum, { size, upload }) => sum + size - (upload?.offset ?? 0), 0),
    others: await othersOf(store),
  };
}

/** Whose photos lie in vaults that are locked: nobody else can send them. */
async function othersOf(store: Store): Promise<OthersPhotos[]> {
  const locked = (await store.photos.ways()).filter((way) => isWaiting(way) && way.elsewhere !== null);
  if (locked.length === 0) return [];
  return (await store.vaults.all()).flatMap(({ id, staff }) => {
    const own = locked.filter(({ elsewhere }) => elsewhere === id);
    const records = [...new Set(own.map(({ record }) => record))];
    return own.length === 0 ? [] : [{ staff, photos: own.length, records }];
  });
}

async function attention(
  store: Store,
  seats: ReadonlySet<number>,
): Promise<Extract<DossierTruth, { place: 'attention' }>['why'] | null> {
  const device = await store.device();
  const status = device?.status;
  if (status === 'refused') return 'device-refused';
  if (status === 'revoked') return 'device-revoked';
  const writers = (await store.seats()).filter(({ seat }) => seats.has(seat));
  // Written before this phone joined anew: the office would not know the seat.
  if (writers.some((seat) => seat.device !== device?.device)) return 'log-refused';
  return writers.find(({ trouble }) => trouble !== null)?.trouble ?? null;
}

/** The office says that no such photo belongs to what this person holds. */
function isUnknown({ stage, unknownSince }: StoredPhoto): boolean {
  return stage === 'named' && unknownSince !== undefined;
}

/** The office's time when it had all that this phone wrote about the record; 0 if it wrote none. */
async function lastReceipt(store: Store, record: string): Promise<number> {
  const times = (await store.entriesOf(record)).map(
    async ({ seat, seq }) => (await store.witness(seat, seq))?.time ?? 0,
  );
  return Math.max(0, ...(await Promise.all(times)));
}

/** For what others wrote: when the newest of it came to the office. */
function lastArrival(state: Parameters<typeof decodeState>[0]): number {
  const heads = [...decodeState(state).registers.values()].flatMap((register) => register.heads);
  return Math.max(0, ...heads.map(({ received }) => received));
}
