/**
 * What a phone holds on its disk, and what its office knows of it, as one JSON: so that today's app
 * can be shown the disk of every older one.
 *
 * Bytes, keys and maps say what they are. Keys can only be recorded where they were made to be
 * read (`legibly`); laid out again, nobody can read them, as on a phone.
 */
import { openDB } from 'idb';
import type { Bytes } from '../../src/sync/bytes';
import { fromHex, hex } from '../../src/sync/bytes';
import { FakeOffice, type OfficeLog } from './office';
import { newDiskName } from './world';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

interface Table {
  readonly name: string;
  readonly keyPath: string | string[] | null;
  readonly indexes: readonly (readonly [string, string])[];
  readonly rows: readonly (readonly [IDBValidKey, unknown])[];
}

/** As much of an office as its phones would miss. */
interface Known {
  readonly keys: CryptoKeyPair;
  readonly epoch: number;
  readonly devices: FakeOffice['devices'];
  readonly logs: ReadonlyMap<number, OfficeLog>;
  readonly feed: FakeOffice['feed'];
}

interface Recorded {
  readonly version: number;
  readonly tables: readonly Table[];
  readonly office: Known;
}

/** Every key that is made during a deed can be recorded. */
export async function legibly<T>(deed: () => Promise<T>): Promise<T> {
  const { subtle } = crypto;
  const make = subtle.generateKey.bind(subtle) as (...given: unknown[]) => Promise<CryptoKeyPair>;
  subtle.generateKey = ((how: unknown, _: unknown, uses: unknown) => make(how, true, uses)) as typeof subtle.generateKey;
  try {
    return await deed();
  } finally {
    Reflect.deleteProperty(subtle, 'generateKey');
  }
}

export async function record(disk: string, office: FakeOffice): Promise<string> {
  const database = await openDB(disk);
  const tables: Table[] = [];
  for (const name of database.objectStoreNames) {
    const { store } = database.transaction(name);
    const { keyPath, indexNames } = store;
    const indexes = [...indexNames].map((index) => [index, store.index(index).keyPath as string] as const);
    const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
    const rows = keys.map((key, place) => [key, values[place] as unknown] as const);
    tables.push({ name, keyPath, indexes, rows });
  }
  const { version } = database;
  database.close();
  const { keys, epoch, devices, logs, feed } = office;
  const known: Known = { keys, epoch, devices, logs, feed };
  return JSON.stringify(await written({ version, tables, office: known }), null, 1);
}

/** Lays a recording out on a disk of its own, at an office that knows what it knew. */
export async function layOut(recording: unknown): Promise<{ readonly disk: string; readonly office: FakeOffice }> {
  const { version, tables, office: known } = (await read(recording as Json)) as Recorded;
  const disk = newDiskName();
  const database = await openDB(disk, version, {
    upgrade: (made) => {
      for (const { name, keyPath, indexes } of tables) {
        const store = made.createObjectStore(name, keyPath === null ? {} : { keyPath });
        for (const [index, path] of indexes) store.createIndex(index, path);
      }
    },
  });
  for (const { name, keyPath, rows } of tables) {
    for (const [key, value] of rows) await database.put(name, value, keyPath === null ? key : undefined);
  }
  database.close();
  const office = await FakeOffice.open(known.keys);
  office.epoch = known.epoch;
  office.feed = [...known.feed];
  for (const [device, one] of known.devices) office.devices.set(device, one);
  for (const [seat, log] of known.logs) office.logs.set(seat, log);
  return { disk, office };
}

async function written(value: unknown): Promise<Json> {
  if (value instanceof Uint8Array) return { $bytes: hex(value) };
  if (value instanceof Map) return { $map: await written([...value]) };
  if (Array.isArray(value)) return await Promise.all(value.map(written));
  if (value instanceof CryptoKey) {
    const form = FORMS[value.type];
    const bytes = new Uint8Array((await crypto.subtle.exportKey(form, value)));
    return { $key: form, how: await written(value.algorithm), uses: value.usages, bytes: hex(bytes) };
  }
  if (typeof value !== 'object' || value === null) return value as Json;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const parts = entries.map(async ([name, one]) => [name, await written(one)] as const);
  return Object.fromEntries<Json>(await Promise.all(parts));
}

const FORMS = { private: 'pkcs8', public: 'spki', secret: 'raw' } as const;

async function read(json: Json): Promise<unknown> {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return await Promise.all((json as readonly Json[]).map(read));
  const told = json as Readonly<Record<string, Json>>;
  if ('$bytes' in told) return bytesIn(told['$bytes']);
  if ('$map' in told) return new Map((await read(told['$map'] ?? [])) as [unknown, unknown][]);
  if ('$key' in told) {
    const form = told['$key'] as 'pkcs8' | 'spki' | 'raw';
    const [how, uses] = [told['how'], told['uses']] as unknown as [AlgorithmIdentifier, KeyUsage[]];
    return await crypto.subtle.importKey(form, bytesIn(told['bytes']), how, form === 'spki', uses);
  }
  return Object.fromEntries(await Promise.all(Object.entries(told).map(async ([name, one]) => [name, await read(one)])));
}

function bytesIn(text: Json | undefined): Bytes {
  return fromHex(text as string);
}
