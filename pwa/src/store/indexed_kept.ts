/** What is kept for a person beside their dossiers, sealed in their vault, by its name. */
import { type Value, pack } from '../sync/pack';
import { Shape } from '../sync/shape';
import { unpack } from '../sync/unpack';
import { good, openOrNull } from './damage';
import type { Disk } from './disk';
import { dropPhotosOfRecord } from './indexed_photos';
import { namesWith } from './names';
import type { KeptStore, LeftDossier, Sealing, SharedRow, Written } from './port';
import { keyOf } from './schema';
import type { SealedRows } from './sealed_rows';
import { requireNotWiped } from './wiping';

const LEFT = 'left/';
/** The service worker writes these: `worker/shared.ts`. */
export const SHARED = 'shared/';

export class IndexedKept implements KeptStore {
  private readonly disk: Disk;
  private readonly sealing: Sealing;
  private readonly rows: SealedRows;

  constructor(disk: Disk, sealing: Sealing, rows: SealedRows) {
    this.disk = disk;
    this.sealing = sealing;
    this.rows = rows;
  }

  async put(name: string, value: Value | null): Promise<void> {
    const vault = this.rows.vault();
    const sealed = await this.sealing.seal(pack(value));
    await this.disk.write(['kept', 'wiped'], async (tx) => {
      await requireNotWiped(tx);
      if (value === null) await tx.objectStore('kept').delete([vault, name]);
      else await tx.objectStore('kept').put({ vault, name, sealed });
    });
  }

  async get(name: string): Promise<Value | null> {
    const { vault } = this.sealing;
    if (vault === null) return null;
    const row = await this.disk.read(
      ['kept'],
      async (tx) => await tx.objectStore('kept').get([vault, name]),
    );
    if (row === undefined) return null;
    // A damaged one is as lost as what nobody kept.
    return await openOrNull(async () => unpack(await this.sealing.open(row.sealed)));
  }

  async letGo(
    record: string,
    version: number,
    trace: Omit<LeftDossier, 'record'> | null,
  ): Promise<Written> {
    const vault = this.rows.vault();
    const sealed = trace === null ? null : await this.sealing.seal(pack({ record, ...trace }));
    const names = ['records', 'kept', 'photos', 'photo_bytes', 'wiped'] as const;
    return await this.disk.write([...names], async (tx) => {
      await requireNotWiped(tx);
      const key = keyOf(vault, record);
      if ((await tx.objectStore('records').get(key))?.version !== version) return 'raced';
      if (!(await dropPhotosOfRecord(tx, record, this.rows.isOurs))) return 'raced';
      await tx.objectStore('records').delete(key);
      if (sealed !== null) await tx.objectStore('kept').put({ vault, name: `${LEFT}${record}`, sealed });
      return 'written';
    });
  }

  /** Nobody can say what it was: the trace has no code and no day. */
  async removeDamaged(record: string, leftAt: number): Promise<string> {
    const vault = this.rows.vault();
    const sealed = await this.sealing.seal(pack({ record, code: '', sealedAt: '', leftAt }));
    const key = keyOf(vault, record);
    await this.disk.write(['records', 'kept', 'wiped'], async (tx) => {
      await requireNotWiped(tx);
      await tx.objectStore('records').delete(key);
      await tx.objectStore('kept').put({ vault, name: `${LEFT}${record}`, sealed });
    });
    return key;
  }

  async left(): Promise<LeftDossier[]> {
    const { vault } = this.sealing;
    if (vault === null) return [];
    const rows = await this.disk.read(
      ['kept'],
      async (tx) => await tx.objectStore('kept').getAll(namesWith(vault, LEFT)),
    );
    const left = rows.map(async ({ sealed }) => {
      return await openOrNull(async () => readLeft(await this.sealing.open(sealed)));
    });
    return good(await Promise.all(left));
  }

  async shared(): Promise<SharedRow[]> {
    const { vault } = this.sealing;
    if (vault === null) return [];
    return await this.disk.read(
      ['kept'],
      async (tx) => await tx.objectStore('kept').getAll(namesWith(vault, SHARED)),
    );
  }

  async sharedCount(): Promise<number> {
    const { vault } = this.sealing;
    if (vault === null) return 0;
    return await this.disk.read(
      ['kept'],
      async (tx) => await tx.objectStore('kept').count(namesWith(vault, SHARED)),
    );
  }

  /** By its name alone: papers are large, and stay shut. */
  async sharedSince(): Promise<number | null> {
    const { vault } = this.sealing;
    if (vault === null) return null;
    const key = await this.disk.read(
      ['kept'],
      async (tx) => await tx.objectStore('kept').getKey(namesWith(vault, SHARED)),
    );
    return key === undefined ? null : sharedAt(key[1]);
  }
}

/** When a paper was shared, ms: its name begins with it (`worker/shared.ts`). */
export function sharedAt(name: string): number {
  return Number.parseInt(name.slice(SHARED.length), 10);
}

function readLeft(bytes: Parameters<typeof unpack>[0]): LeftDossier {
  const shape = Shape.read(bytes, 'a dossier that left');
  const [code, sealedAt] = [shape.text('code'), shape.text('sealedAt')];
  return { record: shape.text('record'), code, sealedAt, leftAt: shape.integer('leftAt') };
}
