/** A draft leaves a person's inbox for their vault, with all of its photos. */
import { sameBytes } from '../sync/bytes';
import { good, openOrNull } from './damage';
import { HANDED, HANDED_PHOTO, type HandedDraft, type Taking, tracesOf } from './handed';
import { CONTEXT, readHandedDraft, readHandedPhoto } from './handed_rows';
import { type OwnInbox, openFromInbox } from './inbox_sealing';
import type { Kit } from './kit';
import { namesWith } from './names';
import type { PhotoBytesRow, PhotoRow } from './photo';
import { DamagedRow, type Draft } from './port';
import type { DraftRow, KeptRow } from './schema';
import { requireNotWiped } from './wiping';

/** As it is to lie in the taker's vault. */
interface Taken {
  readonly draft: DraftRow;
  /** Null for one that does not open. */
  readonly photos: readonly (TakenPhoto | null)[];
}

interface TakenPhoto {
  readonly row: PhotoRow;
  readonly bytes: readonly PhotoBytesRow[];
}

/** What waits in the inbox of the open vault, the oldest draft first. */
export async function handed({ disk, sealing }: Kit, own: OwnInbox): Promise<HandedDraft[]> {
  const { vault } = sealing;
  if (vault === null) return [];
  const rows = await disk.read(
    ['kept'],
    async (tx) => await tx.objectStore('kept').getAll(namesWith(vault, HANDED)),
  );
  return await Promise.all(rows.map(async (row) => {
    const id = row.name.slice(HANDED.length);
    const said = await openOrNull(async () => readHandedDraft(await open(row, own)));
    return { id, draft: said?.draft ?? null, photos: said?.photos.length ?? 0 };
  }));
}

export async function take(
  kit: Kit, id: string, own: OwnInbox, by: Pick<Draft, 'seat' | 'person'>, isPartly = false,
): Promise<Taking> {
  const { disk, sealer } = kit;
  const vault = sealer.vault();
  const row = await disk.read(
    ['kept'],
    async (tx) => await tx.objectStore('kept').get([vault, HANDED + id]),
  );
  if (row === undefined) return 'gone';
  const taken = await openOrNull(async () => await sealAnew(kit, row, own, by));
  if (taken === null) return 'damaged';
  const photos = good(taken.photos);
  if (photos.length < taken.photos.length && !isPartly) return 'photos-damaged';
  const tables = ['drafts', 'photos', 'photo_bytes', 'kept', 'wiped'] as const;
  return await disk.write([...tables], async (tx) => {
    await requireNotWiped(tx);
    const kept = tx.objectStore('kept');
    const now = await kept.get([vault, row.name]);
    if (now === undefined || !sameBytes(now.sealed, row.sealed)) return 'gone';
    await tx.objectStore('drafts').put(taken.draft);
    for (const photo of photos) {
      await tx.objectStore('photos').put(photo.row);
      for (const part of photo.bytes) await tx.objectStore('photo_bytes').put(part);
    }
    await kept.delete([vault, row.name]);
    await kept.delete(namesWith(vault, `${HANDED_PHOTO}${id}/`));
    // It has come back to who gave it once: their saves count again.
    await kept.delete(tracesOf(vault, id));
    return 'taken';
  });
}

async function sealAnew(
  kit: Kit, row: KeptRow, own: OwnInbox, by: Pick<Draft, 'seat' | 'person'>,
): Promise<Taken> {
  const { draft, photos } = readHandedDraft(await open(row, own));
  const taken = [];
  for (const photo of photos) taken.push(await openOrNull(async () => await takePhoto(kit, draft, photo, own)));
  return { draft: await kit.sealer.sealDraft({ ...draft, ...by }), photos: taken };
}

async function takePhoto(
  { disk, sealer, sealing }: Kit, draft: Draft, id: string, own: OwnInbox,
): Promise<TakenPhoto> {
  const name = `${HANDED_PHOTO}${draft.id}/${id}`;
  const kept = await disk.read(
    ['kept'],
    async (tx) => await tx.objectStore('kept').get([sealer.vault(), name]),
  );
  if (kept === undefined) throw new DamagedRow();
  const { journey, said, parts } = readHandedPhoto(await open(kept, own));
  const mark = sealer.mark();
  const place = { id, record: draft.record, draft: draft.id, ...mark };
  const bytes = [...parts].map(async ([part, clear]) => {
    return { id, part, ...mark, sealed: await sealing.seal(clear) };
  });
  const row = { ...journey, ...place, sealed: await sealing.seal(said) };
  return { row, bytes: await Promise.all(bytes) };
}

async function open(row: KeptRow, own: OwnInbox): Promise<Uint8Array<ArrayBuffer>> {
  const clear = await openFromInbox(CONTEXT, row, own, row.sealed);
  if (clear === null) throw new DamagedRow();
  return clear;
}
