/** A draft leaves its person's vault for the inbox of a colleague, with all of its photos. */
import { type Bytes, sameBytes } from '../sync/bytes';
import { pack } from '../sync/pack';
import { Shape } from '../sync/shape';
import { good, openOrNull } from './damage';
import type { Writing } from './disk';
import { packDraft } from './draft';
import { GAVE, type GivenDraft, type Giving, HANDED, HANDED_PHOTO, type Recipient } from './handed';
import { CONTEXT, packHandedDraft, packHandedPhoto } from './handed_rows';
import { sealForInbox } from './inbox_sealing';
import { dropPhotosOf } from './indexed_photos';
import type { Kit } from './kit';
import { namesWith } from './names';
import type { PhotoRow } from './photo';
import type { Hand } from './port';
import type { DraftRow, KeptRow } from './schema';
import { requireNotWiped } from './wiping';

/** What is handed over, once as it lies here and once as it is to lie there. */
interface Parcel {
  readonly draft: DraftRow;
  readonly photos: readonly PhotoRow[];
  readonly sealed: readonly KeptRow[];
  readonly trace: KeptRow;
}

export async function give(
  kit: Kit, id: string, to: Recipient, hand: Hand, trace: Omit<GivenDraft, 'id'>,
): Promise<Giving> {
  const { disk, sealer } = kit;
  const [draft, photos] = await disk.read(['drafts', 'photos'], async (tx) => [
    await tx.objectStore('drafts').get(id),
    await tx.objectStore('photos').index('draft').getAll(id),
  ] as const);
  if (draft === undefined || !sealer.isOurs(draft)) return 'gone';
  const sealed = await openOrNull(async () => await sealAll(kit, draft, photos, to, hand));
  if (sealed === null) return 'damaged';
  const name = `${GAVE}${id}/${to.vault}`;
  const about = await kit.sealing.seal(pack({ ...trace, id }));
  const parcel = { draft, photos, sealed, trace: { vault: sealer.vault(), name, sealed: about } };
  const tables = ['drafts', 'photos', 'photo_bytes', 'kept', 'vaults', 'wiped'] as const;
  return await disk.write([...tables], async (tx) => await move(tx, parcel, to));
}

/** What this person gave and its taker has not taken yet; what does not open was of no weight. */
export async function given({ disk, sealing }: Kit): Promise<GivenDraft[]> {
  const { vault } = sealing;
  if (vault === null) return [];
  const rows = await disk.read(['kept'], async (tx) => {
    const kept = tx.objectStore('kept');
    const waiting: KeptRow[] = [];
    for (const row of await kept.getAll(namesWith(vault, GAVE))) {
      const [draft = '', to = ''] = row.name.slice(GAVE.length).split('/');
      if ((await kept.getKey([to, HANDED + draft])) !== undefined) waiting.push(row);
    }
    return waiting;
  });
  return good(await Promise.all(rows.map(async ({ sealed }) => {
    return await openOrNull(async () => readTrace(await sealing.open(sealed)));
  })));
}

/** One photo after the other: only what is sealed for the other stays in memory. */
async function sealAll(
  kit: Kit, row: DraftRow, photos: readonly PhotoRow[], to: Recipient, hand: Hand,
): Promise<KeptRow[]> {
  const draft = await kit.sealer.openDraft(row);
  const handed = { ...draft, hands: [...(draft.hands ?? []), hand] };
  const ids = photos.map(({ id }) => id);
  const seal = async (name: string, clear: Bytes): Promise<KeptRow> => {
    const place = { vault: to.vault, name };
    return { ...place, sealed: await sealForInbox(CONTEXT, place, to.publicKey, clear) };
  };
  const rows = [await seal(HANDED + draft.id, packHandedDraft(packDraft(handed), ids))];
  for (const photo of photos) {
    const clear = await openPhoto(kit, photo);
    rows.push(await seal(`${HANDED_PHOTO}${draft.id}/${photo.id}`, clear));
  }
  return rows;
}

async function openPhoto({ disk, sealing }: Kit, photo: PhotoRow): Promise<Bytes> {
  const whole = IDBKeyRange.bound([photo.id, ''], [photo.id, '\uffff']);
  const rows = await disk.read(
    ['photo_bytes'],
    async (tx) => await tx.objectStore('photo_bytes').getAll(whole),
  );
  const parts = new Map<string, Bytes>();
  for (const { part, sealed } of rows) parts.set(part, await sealing.open(sealed));
  return packHandedPhoto(photo, await sealing.open(photo.sealed), parts);
}

async function move(tx: Writing, { draft, photos, sealed, trace }: Parcel, to: Recipient): Promise<Giving> {
  await requireNotWiped(tx);
  const inbox = (await tx.objectStore('vaults').get(to.vault))?.inbox;
  if (inbox === undefined || !sameBytes(inbox.publicKey, to.publicKey)) return 'no-inbox';
  const now = await tx.objectStore('drafts').get(draft.id);
  if (now === undefined || !sameBytes(now.sealed, draft.sealed)) return 'raced';
  const there = await tx.objectStore('photos').index('draft').getAll(draft.id);
  if (!areSame(there, photos)) return 'raced';
  const kept = tx.objectStore('kept');
  for (const row of [...sealed, trace]) await kept.put(row);
  await tx.objectStore('drafts').delete(draft.id);
  await dropPhotosOf(tx, draft.id);
  return 'given';
}

/** Whether no photo was added, taken out, or prepared meanwhile. */
function areSame(now: readonly PhotoRow[], then: readonly PhotoRow[]): boolean {
  return now.length === then.length && now.every(({ id, stage, sealed }) => then.some((one) =>
    one.id === id && one.stage === stage && sameBytes(one.sealed, sealed)));
}

function readTrace(clear: Bytes): GivenDraft {
  const shape = Shape.read(clear, 'a draft that was handed over');
  return {
    id: shape.text('id'),
    to: shape.text('to'),
    at: shape.integer('at'),
    procedure: shape.text('procedure'),
    applicant: shape.longTextOrNull('applicant'),
  };
}
