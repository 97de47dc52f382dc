/** Photos in IndexedDB: what is known of each in one table, its bytes in another. */
import type { Bytes } from '../sync/bytes';
import { allOf } from './all_rows';
import { type DamagedRows, good, readNoting } from './damage';
import type { Disk, Writing } from './disk';
import {
  type Journey,
  type PhotoPart,
  type PhotoRow,
  type PhotoStore,
  type PhotoWay,
  type StoredPhoto,
  packSaid,
  unpackSaid,
} from './photo';
import type { Sealing } from './port';
import type { SealedRows } from './sealed_rows';

export class IndexedPhotos implements PhotoStore {
  private readonly disk: Disk;
  private readonly sealing: Sealing;
  private readonly rows: SealedRows;
  private readonly damaged: DamagedRows;

  constructor(disk: Disk, sealing: Sealing, rows: SealedRows, damaged: DamagedRows) {
    this.disk = disk;
    this.sealing = sealing;
    this.rows = rows;
    this.damaged = damaged;
  }

  async all(): Promise<StoredPhoto[]> {
    return await this.openAll(await allOf(this.disk, 'photos', this.damaged));
  }

  async of(record: string): Promise<StoredPhoto[]> {
    const rows = await this.disk.read(
      ['photos'],
      async (tx) => await tx.objectStore('photos').index('record').getAll(record),
    );
    return await this.openAll(rows);
  }

  async ways(record?: string): Promise<PhotoWay[]> {
    const rows = await this.disk.read(['photos'], async (tx) => {
      const photos = tx.objectStore('photos');
      return await (record === undefined ? photos.getAll() : photos.index('record').getAll(record));
    });
    return rows.map((row) => ({ ...row, elsewhere: this.rows.isOurs(row) ? null : (row.vault ?? '') }));
  }

  async add(photo: StoredPhoto, raw: Bytes): Promise<boolean> {
    const row = await this.sealRow(photo);
    const bytes = { part: 'raw', sealed: await this.sealing.seal(raw), ...this.rows.mark() } as const;
    return await this.disk.write(['photos', 'photo_bytes', 'drafts'], async (tx) => {
      const { id, draft } = photo;
      if (draft !== null && (await tx.objectStore('drafts').getKey(draft)) === undefined) {
        return false;
      }
      await tx.objectStore('photos').add(row);
      await tx.objectStore('photo_bytes').add({ id, ...bytes });
      return true;
    });
  }

  async bytes(id: string, part: PhotoPart): Promise<Bytes | null> {
    const row = await this.disk.read(
      ['photo_bytes'],
      async (tx) => await tx.objectStore('photo_bytes').get([id, part]),
    );
    // Nobody may take what is only locked for something that is lost.
    this.rows.vault();
    if (row === undefined || !this.rows.isOurs(row)) return null;
    return await this.sealing.open(row.sealed);
  }

  async keepPrepared(photo: StoredPhoto, whole: Bytes, thumbnail: Bytes): Promise<void> {
    const row = await this.sealRow(photo);
    const { id } = photo;
    const mark = this.rows.mark();
    const parts = [
      { id, part: 'whole', sealed: await this.sealing.seal(whole), ...mark },
      { id, part: 'thumbnail', sealed: await this.sealing.seal(thumbnail), ...mark },
    ] as const;
    await this.disk.write(['photos', 'photo_bytes'], async (tx) => {
      // Whoever took it out meanwhile is not asked again.
      if ((await tx.objectStore('photos').get(id))?.stage !== 'raw') return;
      const bytes = tx.objectStore('photo_bytes');
      // First gone, then written: a nearly full disk has room for one of them.
      await bytes.delete([id, 'raw']);
      for (const part of parts) await bytes.put(part);
      await tx.objectStore('photos').put(row);
    });
  }

  async change(id: string, change: Partial<Journey>): Promise<void> {
    await this.disk.write(['photos'], async (tx) => {
      const row = await tx.objectStore('photos').get(id);
      if (row !== undefined) await tx.objectStore('photos').put({ ...row, ...change });
    });
  }

  async forgetUnknown(id: string): Promise<void> {
    await this.disk.write(['photos'], async (tx) => {
      const row = await tx.objectStore('photos').get(id);
      if (row?.unknownSince === undefined) return;
      const known = { ...row };
      delete (known as { unknownSince?: number }).unknownSince;
      await tx.objectStore('photos').put(known);
    });
  }

  async dropBytes(id: string): Promise<void> {
    await this.disk.write(['photos', 'photo_bytes'], async (tx) => {
      const row = await tx.objectStore('photos').get(id);
      if (row === undefined) return;
      await tx.objectStore('photos').put({ ...row, hasBytes: false });
      await tx.objectStore('photo_bytes').delete([id, 'whole']);
    });
  }

  async drop(id: string): Promise<void> {
    await this.disk.write(['photos', 'photo_bytes'], async (tx) => {
      await dropPhoto(tx, id);
    });
  }

  private async openAll(rows: readonly PhotoRow[]): Promise<StoredPhoto[]> {
    const opened = rows.filter(this.rows.isOurs).map(async ({ sealed, draft, ...row }) => {
      delete (row as { vault?: string }).vault;
      return await readNoting(this.damaged.photos, row.id, null, async () => {
        return { ...row, ...unpackSaid(await this.sealing.open(sealed)), draft: draft ?? null };
      });
    });
    const photos = good(await Promise.all(opened));
    return photos.sort((one, other) => one.addedAt - other.addedAt || (one.id < other.id ? -1 : 1));
  }

  private async sealRow(photo: StoredPhoto): Promise<PhotoRow> {
    const { document, taken, type, digest, draft, ...row } = photo;
    const mark = this.rows.mark();
    const sealed = await this.sealing.seal(packSaid({ document, taken, type, digest }));
    return draft === null ? { ...row, ...mark, sealed } : { ...row, ...mark, draft, sealed };
  }
}

/** What a change does to photos, inside its own transaction. */
export interface Named {
  /** Photos that the change names. */
  readonly names: readonly string[];
  /** Photos that the change makes superfluous. */
  readonly drops: readonly string[];
}

/** False, and nothing done, where the draft has a photo that the change knows nothing of. */
export async function namePhotos(
  tx: Writing,
  { names, drops }: Named,
  change: { readonly seat: number; readonly seq: number },
  draft: string | null,
): Promise<boolean> {
  const photos = tx.objectStore('photos');
  if (draft !== null) {
    const known = new Set([...names, ...drops]);
    const there = await photos.index('draft').getAllKeys(draft);
    if (there.some((id) => !known.has(id))) return false;
  }
  const rows = await Promise.all(names.map(async (id) => await photos.get(id)));
  const prepared = rows.filter((row) => row?.stage === 'prepared');
  if (prepared.length < rows.length) return false;
  for (const row of prepared) {
    if (row === undefined) continue;
    const { seat, seq } = change;
    const named = { ...row, stage: 'named', seat, seq } as const;
    // What is in no draft is left out of the index by having no such key.
    delete (named as { draft?: string }).draft;
    await photos.put(named);
  }
  for (const id of drops) await dropPhoto(tx, id);
  return true;
}

export async function dropPhotosOf(tx: Writing, draft: string): Promise<void> {
  for (const id of await tx.objectStore('photos').index('draft').getAllKeys(draft)) {
    await dropPhoto(tx, id);
  }
}

/** False, and nothing done, where a photo of the record has not gone its way yet. */
export async function dropPhotosOfRecord(
  tx: Writing,
  record: string,
  isOurs: (row: PhotoRow) => boolean,
): Promise<boolean> {
  const photos = (await tx.objectStore('photos').index('record').getAll(record)).filter(isOurs);
  if (photos.some(({ stage, hasBytes }) => stage !== 'held' || hasBytes)) return false;
  for (const { id } of photos) await dropPhoto(tx, id);
  return true;
}

export async function dropPhoto(tx: Writing, id: string): Promise<void> {
  await tx.objectStore('photos').delete(id);
  for (const part of ['raw', 'whole', 'thumbnail'] as const) {
    await tx.objectStore('photo_bytes').delete([id, part]);
  }
}
