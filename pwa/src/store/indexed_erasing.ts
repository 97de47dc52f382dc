/** What was erased by law leaves the logs, states, offers and photos of this phone at once. */
import * as chain from '../sync/chain';
import { type Bytes, concat, sameBytes } from '../sync/bytes';
import { type Dot, split } from '../sync/change';
import { type Erasure, type Erasures, namedIn } from '../sync/erasures';
import { decodeState, encodeState, erase } from '../sync/record';
import { isErased, isNamed, placeKey } from '../sync/register';
import { changeDevice } from './indexed_device';
import { isWhole, openEntry } from './indexed_log';
import { dropPhoto } from './indexed_photos';
import { stands } from './indexed_records';
import type { Kit } from './kit';
import type { PhotoStore } from './photo';
import { type LinkRow, type LogRow, keyOf } from './schema';
import type { OfferStore, RecordStore, StoredRecord, Written } from './stored_record';
import { requireNotWiped } from './wiping';

interface Where {
  readonly records: RecordStore;
  readonly offers: OfferStore;
  readonly photos: PhotoStore;
}

export async function eraseIn(
  kit: Kit,
  { records, offers, photos }: Where,
  list: Erasures,
): Promise<Written> {
  const { disk, sealer, damaged } = kit;
  const named = namedIn(list);
  const entries = await Promise.all(list.entries.map(async (one) => await erasedRow(kit, one)));
  const logRows = entries.filter((row) => row !== null);
  const before = await records.records();
  const touched = before.map((one) => erasedIn(one, named)).filter((one) => one !== null);
  const recordRows = await Promise.all(
    touched.map(async (record) => await sealer.sealRecord(record)),
  );
  const vault = sealer.vault();
  const offered = (await offers.offers(Infinity, Infinity))
    .filter(({ state }) => !sameBytes(withoutErased(state, named), state))
    .map(({ id }) => keyOf(vault, id));
  const pictures = await erasedPhotos(kit, photos, list, logRows, touched);
  const tables = ['log', 'records', 'offers', 'photos', 'photo_bytes', 'device', 'vaults'] as const;
  return await disk.write([...tables, 'wiped'], async (tx) => {
    await requireNotWiped(tx);
    for (const row of recordRows) if (!(await stands(tx, row, damaged))) return 'raced';
    for (const row of recordRows) await tx.objectStore('records').put(row);
    for (const row of logRows) await tx.objectStore('log').put(row);
    for (const id of pictures) await dropPhoto(tx, id);
    // No office would know it by its mark any more.
    for (const id of offered) await tx.objectStore('offers').delete(id);
    const erasures = list.number;
    await changeDevice(tx, (device) => ({
      ...device,
      erasures: Math.max(device.erasures ?? 0, erasures),
    }));
    const row = await tx.objectStore('vaults').get(vault);
    if (row !== undefined) await tx.objectStore('vaults').put({ ...row, erasures });
    return 'written';
  });
}

/**
 * Photos that a listed change named, or of which a state says so; not where this phone's own log
 * has another change in that place, as a copy's may.
 */
async function erasedPhotos(
  kit: Kit,
  photos: PhotoStore,
  list: Erasures,
  rows: readonly LogRow[],
  touched: readonly StoredRecord[],
): Promise<string[]> {
  const named = namedIn(list);
  const listed = new Set(list.entries.map(placeKey));
  const erasedHere = new Set(rows.map(placeKey));
  const states = new Map(touched.map(({ id, state }) => [id, decodeState(state)]));
  const found: string[] = [];
  for (const { id, seat, seq, record, digest } of await photos.all()) {
    const naming = states.get(record)?.registers.get(`attachments.${digest}`);
    const dots = (naming?.heads ?? []).filter(isErased).map(({ dot }) => dot);
    let isGone = false;
    if (listed.has(placeKey({ seat, seq }))) {
      const own = await rowAt(kit, { seat, seq });
      if (own === undefined) isGone = true;
      else dots.push({ seat, seq, tag: chain.tag(own.head) });
    }
    for (const dot of dots.filter((one) => isNamed(one, named))) {
      isGone ||= erasedHere.has(placeKey(dot)) || !(await isAnother(kit, dot));
    }
    if (isGone) found.push(id);
  }
  return found;
}

/** Whether this phone's own log has, in the place of an erased change, one that was not erased. */
async function isAnother(kit: Kit, dot: Dot): Promise<boolean> {
  const row = await rowAt(kit, dot);
  if (row === undefined) return false;
  if (!sameBytes(chain.tag(row.head), dot.tag)) return true;
  // Nobody knows the branch any more: only a hash that is another tells it, and only of a body.
  if (!isWhole(row) || !kit.sealer.isOurs(row)) return false;
  const entry = await openEntry(kit, row);
  return entry !== null && !chain.isErased(split(entry.change)[1]);
}

async function rowAt(
  { disk }: Kit,
  { seat, seq }: Pick<Erasure, 'seat' | 'seq'>,
): Promise<LogRow | LinkRow | undefined> {
  return await disk.read(['log'], async (tx) => await tx.objectStore('log').get([seat, seq]));
}

/** The row of a change without its body; null where it is not here, or is another. */
async function erasedRow(kit: Kit, { seat, seq, hash }: Erasure): Promise<LogRow | null> {
  const { sealer, sealing } = kit;
  const row = await rowAt(kit, { seat, seq });
  if (row === undefined || !isWhole(row) || !sealer.isOurs(row)) return null;
  const entry = await openEntry(kit, row);
  if (entry === null) return null;
  const [skeleton, body] = split(entry.change);
  if (chain.isErased(body) || !sameBytes(chain.bodyHash(body), hash)) return null;
  return { ...row, sealed: await sealing.seal(concat(skeleton, chain.erase(body))) };
}

/** A record without what was erased by law in it; null where there is nothing of that. */
function erasedIn(record: StoredRecord, named: ReadonlySet<string>): StoredRecord | null {
  const { given, version } = record;
  const state = withoutErased(record.state, named);
  const before = given?.state ?? record.state;
  const told = withoutErased(before, named);
  if (sameBytes(state, record.state) && sameBytes(told, before)) return null;
  const erased = { ...record, state, version: version + 1 };
  if (given === undefined) return erased;
  // The office's mark is on other bytes: what it gave cannot be offered back to it.
  const mac = new Uint8Array();
  return { ...erased, given: { ...given, state: given.state === null ? null : told, mac } };
}

function withoutErased(state: Bytes, named: ReadonlySet<string>): Bytes {
  return encodeState(erase(decodeState(state), named));
}
