/** Papers on a simulated phone: what checks look at in its store, and the bit that its disk turns. */
import { openDB } from 'idb';
import { VERSION, upgrade } from '../../src/store/schema';
import type { StoredPhoto } from '../../src/store/photo';
import type { Store } from '../../src/store/port';
import { base64 } from './asking';
import type { Profile } from './profile';

const TABLE = 'photo_bytes';

/** A photo that a change names. Its bytes are in base64; null where the phone has let go of them. */
export interface ShownPaper {
  readonly record: string;
  readonly digest: string;
  readonly seat: number;
  readonly seq: number;
  readonly stage: string;
  readonly data: string | null;
}

export async function showPapers(store: Store): Promise<ShownPaper[]> {
  return await Promise.all(
    (await named(store)).map(async ({ id, record, digest, seat, seq, stage }) => {
      const data = await store.photos.bytes(id, 'whole');
      return { record, digest, seat, seq, stage, data: data === null ? null : base64(data) };
    }),
  );
}

/** Turns a bit in one of the papers whose bytes are here; names it. */
export async function spoilPaper(
  profile: Profile,
  store: Store,
  place: number,
): Promise<Pick<ShownPaper, 'record' | 'digest'> | null> {
  const whole = (await named(store)).filter(({ hasBytes }) => hasBytes);
  const photo = whole[place % whole.length];
  if (photo === undefined) return null;
  if (profile.disk === null) await spoilIndexed(profile.name, photo.id);
  else profile.disk.change(TABLE, [photo.id, 'whole'], withBitTurned);
  const { record, digest } = photo;
  return { record, digest };
}

async function named({ photos }: Store): Promise<StoredPhoto[]> {
  return (await photos.all()).filter(({ seq }) => seq > 0);
}

async function spoilIndexed(name: string, id: string): Promise<void> {
  const database = await openDB(name, VERSION, { upgrade: upgrade as never });
  const row: unknown = await database.get(TABLE, [id, 'whole']);
  await database.put(TABLE, withBitTurned(row));
  database.close();
}

function withBitTurned(row: unknown): unknown {
  const { sealed, ...rest } = row as { readonly sealed: Uint8Array };
  const spoilt = sealed.slice();
  spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1;
  return { ...rest, sealed: spoilt };
}
