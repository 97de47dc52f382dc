/**
 * Papers that another app shares into this one (`share_target` of the manifest).
 *
 * 1. Whoever shares may have this app locked, or not running: what comes is sealed for the person who
 *    was at work here last, by the open half of a pair whose other half lies in their vault.
 * 2. It is on the disk, sealed, before the app is shown. In the clear it lies in this worker's memory
 *    alone; names of files are not kept at all.
 * 3. The worker makes no database and no table: where the app has none, nothing is kept, and that is said.
 *
 * `device/shared.ts` opens what this seals.
 */
import { sealForInbox } from '../store/inbox_sealing';

/** The address that the manifest names, below the app's own. */
export const SHARE = 'share';
/** The field of its form. */
export const FIELD = 'papers';

/** As `device/photos.ts` takes from a gallery. */
const TYPES = /^(image\/|application\/pdf$)/;
const FILE_BYTES_MAX = 60 * 1024 * 1024;
/** Nobody has more papers in hand at once; whoever floods this inbox fills no disk. */
const WAITING_MAX = 30;

const DATABASE = 'luudong';
const ONLY = 'only';
const NAME = 'shared/';
const CONTEXT = 'luudong/shared\0';
const LENGTH_BYTES = 4;
const ID_BYTES = 12;

/** Why a paper was not kept, as the app words it. */
type SharedRefusal = 'wrong-type' | 'file-too-large' | 'store-full' | 'too-many' | 'nobody' | 'unread';

type Bytes = Uint8Array<ArrayBuffer>;

/** For whom it is sealed. */
interface Owner {
  readonly vault: string;
  readonly publicKey: Bytes;
}

/** Keeps what a form brings; answers where the app is to be opened, saying what came of it. */
export async function takeShared(request: Request, database = DATABASE): Promise<string> {
  let kept = 0;
  const not = new Set<SharedRefusal>();
  try {
    const files = (await request.formData()).getAll(FIELD).filter((one) => one instanceof File);
    if (files.length === 0) not.add('unread');
    for (const file of files) {
      const refusal = await keep(file, database);
      if (refusal === null) kept += 1;
      else not.add(refusal);
    }
  } catch {
    // A form that was cut, or a file that its app has taken back.
    not.add('unread');
  }
  const said = new URLSearchParams([['kept', String(kept)], ...[...not].map((one) => ['not', one])]);
  return `#/shared?${said.toString()}`;
}

async function keep(file: File, database: string): Promise<SharedRefusal | null> {
  if (!TYPES.test(file.type)) return 'wrong-type';
  if (file.size > FILE_BYTES_MAX) return 'file-too-large';
  const disk = await openDisk(database);
  if (disk === null) return 'nobody';
  try {
    const owner = await ownerOn(disk);
    if (owner === null) return 'nobody';
    const name = NAME + newName();
    return await put(disk, owner, name, await seal(file, owner, name));
  } finally {
    disk.close();
  }
}

async function openDisk(name: string): Promise<IDBDatabase | null> {
  return await new Promise((resolve) => {
    const opening = indexedDB.open(name);
    // There is none yet, and to make one is the app's.
    opening.onupgradeneeded = () => opening.transaction?.abort();
    opening.onsuccess = () => {
      const disk = opening.result;
      disk.onversionchange = () => disk.close();
      resolve(disk);
    };
    opening.onerror = (event) => {
      event.preventDefault();
      resolve(null);
    };
  });
}

/** The vault of the person at work, if it has such a pair; rows as `store/schema.ts` has them. */
async function ownerOn(disk: IDBDatabase): Promise<Owner | null> {
  const tx = disk.transaction(['device', 'seats', 'vaults']);
  const device = await read(tx, 'device', ONLY);
  const seat = typeof device?.['seat'] === 'number' ? await read(tx, 'seats', device['seat']) : null;
  const vault = typeof seat?.['vault'] === 'string' ? await read(tx, 'vaults', seat['vault']) : null;
  const inbox = vault?.['inbox'] as { readonly publicKey?: unknown } | undefined;
  if (typeof vault?.['id'] !== 'string' || !(inbox?.publicKey instanceof Uint8Array)) return null;
  return { vault: vault['id'], publicKey: new Uint8Array(inbox.publicKey) };
}

type Row = Readonly<Record<string, unknown>>;

async function read(tx: IDBTransaction, table: string, key: IDBValidKey): Promise<Row | null> {
  const asking: IDBRequest<unknown> = tx.objectStore(table).get(key);
  return ((await answered(asking)) as Row | undefined) ?? null;
}

async function answered<T>(asking: IDBRequest<T>): Promise<T> {
  return await new Promise((resolve, reject) => {
    asking.onsuccess = () => {
      resolve(asking.result);
    };
    asking.onerror = () => {
      reject(asking.error ?? new Error('no answer'));
    };
  });
}

/** One strict transaction: a vault that is gone meanwhile, with a wipe say, gets nothing more. */
async function put(disk: IDBDatabase, { vault }: Owner, name: string, sealed: Bytes): Promise<SharedRefusal | null> {
  const tx = disk.transaction(['kept', 'vaults', 'wiped'], 'readwrite', { durability: 'strict' });
  const ended = new Promise<SharedRefusal | null>((resolve) => {
    tx.oncomplete = () => {
      resolve(null);
    };
    tx.onabort = () => {
      resolve(tx.error?.name === 'QuotaExceededError' ? 'store-full' : 'unread');
    };
  });
  const kept = tx.objectStore('kept');
  const waiting = IDBKeyRange.bound([vault, NAME], [vault, `${NAME}\uffff`]);
  const refusal = await Promise.all([
    answered(tx.objectStore('wiped').count()), answered(tx.objectStore('vaults').count(vault)),
    answered(kept.count(waiting)),
  ]).then(([wiped, vaults, count]): SharedRefusal | null => {
    if (wiped > 0 || vaults === 0) return 'nobody';
    if (count >= WAITING_MAX) return 'too-many';
    kept.put({ vault, name, sealed });
    return null;
  });
  return await ended ?? refusal;
}

/** Its type and the time of sharing (a form carries no other), then its bytes. */
async function seal(file: File, { vault, publicKey }: Owner, name: string): Promise<Bytes> {
  const about = new TextEncoder().encode(JSON.stringify({ type: file.type, takenAt: file.lastModified }));
  const clear = new Uint8Array(LENGTH_BYTES + about.length + file.size);
  new DataView(clear.buffer).setUint32(0, about.length);
  clear.set(about, LENGTH_BYTES);
  clear.set(new Uint8Array(await file.arrayBuffer()), LENGTH_BYTES + about.length);
  return await sealForInbox(CONTEXT, { vault, name }, publicKey, clear);
}

/** Times in order, so that what came first is listed first. */
function newName(): string {
  const chance = [...crypto.getRandomValues(new Uint8Array(ID_BYTES))];
  const hex = chance.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${String(Date.now()).padStart(15, '0')}-${hex}`;
}
