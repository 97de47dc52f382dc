/** What was erased by law leaves the logs, the states and the offers of this phone at once. */
import * as chain from '../sync/chain';
import { type Bytes, concat, sameBytes } from '../sync/bytes';
import { split } from '../sync/change';
import type { Erasure, Erasures } from '../sync/erasures';
import { decodeState, encodeState, erase } from '../sync/record';
import { placeKey } from '../sync/register';
import { changeDevice } from './indexed_device';
import { isWhole, openEntry } from './indexed_log';
import { stands } from './indexed_records';
import type { Kit } from './kit';
import { type LogRow, keyOf } from './schema';
import type { OfferStore, RecordStore, StoredRecord, Written } from './stored_record';
import { requireNotWiped } from './wiping';

export async function eraseIn(
  kit: Kit,
  { records, offers }: { readonly records: RecordStore; readonly offers: OfferStore },
  list: Erasures,
): Promise<Written> {
  const { disk, sealer, damaged } = kit;
  const places = new Set(list.entries.map(placeKey));
  const entries = await Promise.all(list.entries.map(async (one) => await erasedRow(kit, one)));
  const logRows = entries.filter((row) => row !== null);
  const before = await records.records();
  const touched = before.map((one) => erasedIn(one, places)).filter((one) => one !== null);
  const recordRows = await Promise.all(
    touched.map(async (record) => await sealer.sealRecord(record)),
  );
  const vault = sealer.vault();
  const offered = (await offers.offers(Infinity, Infinity))
    .filter(({ state }) => !sameBytes(withoutErased(state, places), state))
    .map(({ id }) => keyOf(vault, id));
  return await disk.write(['log', 'records', 'offers', 'device', 'vaults', 'wiped'], async (tx) => {
    await requireNotWiped(tx);
    for (const row of recordRows) if (!(await stands(tx, row, damaged))) return 'raced';
    for (const row of recordRows) await tx.objectStore('records').put(row);
    for (const row of logRows) await tx.objectStore('log').put(row);
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

/** The row of a change without its body; null where it is not here, or is another. */
async function erasedRow(kit: Kit, { seat, seq, hash }: Erasure): Promise<LogRow | null> {
  const { disk, sealer, sealing } = kit;
  const row = await disk.read(
    ['log'],
    async (tx) => await tx.objectStore('log').get([seat, seq]),
  );
  if (row === undefined || !isWhole(row) || !sealer.isOurs(row)) return null;
  const entry = await openEntry(kit, row);
  if (entry === null) return null;
  const [skeleton, body] = split(entry.change);
  if (chain.isErased(body) || !sameBytes(chain.bodyHash(body), hash)) return null;
  return { ...row, sealed: await sealing.seal(concat(skeleton, chain.erase(body))) };
}

/** A record without what was erased by law in it; null where there is nothing of that. */
function erasedIn(record: StoredRecord, places: ReadonlySet<string>): StoredRecord | null {
  const { given, version } = record;
  const state = withoutErased(record.state, places);
  const before = given?.state ?? record.state;
  const told = withoutErased(before, places);
  if (sameBytes(state, record.state) && sameBytes(told, before)) return null;
  const erased = { ...record, state, version: version + 1 };
  if (given === undefined) return erased;
  // The office's mark is on other bytes: what it gave cannot be offered back to it.
  const mac = new Uint8Array();
  return { ...erased, given: { ...given, state: given.state === null ? null : told, mac } };
}

function withoutErased(state: Bytes, places: ReadonlySet<string>): Bytes {
  return encodeState(erase(decodeState(state), places));
}
