/**
 * The phone's store in IndexedDB.
 *
 * Sealing and opening may take their time, so both happen before or after a transaction, never
 * inside; versions tell whether what was read still stands when it is written.
 */
import { type Bytes, concat, sameBytes } from '../sync/bytes';
import * as chain from '../sync/chain';
import { split } from '../sync/change';
import type { Erasure, Erasures } from '../sync/erasures';
import type { DirectoryEntry } from '../sync/exchange';
import type { Wiping } from '../sync/order';
import type { Receipt } from '../sync/receipt';
import { decodeState, encodeState, erase } from '../sync/record';
import { placeKey } from '../sync/register';
import { type Connect, Disk, type Writing } from './disk';
import type { BundleStore } from './bundle';
import type { CodeStore } from './code';
import { IndexedBundles } from './indexed_bundles';
import { IndexedKept } from './indexed_kept';
import { IndexedVaults } from './indexed_vaults';
import { IndexedCodes, isFree, useUp } from './indexed_codes';
import { IndexedPhotos, dropPhotosOf, namePhotos } from './indexed_photos';
import type { PhotoStore } from './photo';
import type {
  Agreed,
  Appended,
  Draft,
  Feed,
  KeptStore,
  LogEntry,
  NewSeat,
  Offer,
  PageWrite,
  Sealing,
  SeatChange,
  Store,
  StoredDevice,
  StoredRecord,
  StoredReference,
  StoredSeat,
  Unsent,
  Vault,
  VaultTable,
  WipeMark,
  Wiped,
  Witness,
  Written,
} from './port';
import { SealedRows } from './sealed_rows';
import { EVERYTHING, requireNotWiped, wipe } from './wiping';
import {
  type LinkRow,
  type LogRow,
  ONLY,
  type OfferRow,
  type RecordRow,
  type SeatRow,
  keyOf,
} from './schema';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export class IndexedStore implements Store {
  readonly photos: PhotoStore;
  private readonly disk: Disk;
  readonly bundles: BundleStore;
  readonly vaults: VaultTable;
  readonly kept: KeptStore;
  readonly codes: CodeStore;
  private readonly sealing: Sealing;
  private readonly rows: SealedRows;

  constructor(name: string, sealing: Sealing, connect?: Connect) {
    this.disk = new Disk(name, connect);
    this.sealing = sealing;
    this.rows = new SealedRows(sealing);
    this.photos = new IndexedPhotos(this.disk, sealing, this.rows);
    this.vaults = new IndexedVaults(this.disk, sealing);
    this.kept = new IndexedKept(this.disk, sealing, this.rows);
    this.bundles = new IndexedBundles(this.disk);
    this.codes = new IndexedCodes(this.disk);
  }

  // ---- the device and its people -----------------------------------------------------------

  async device(): Promise<StoredDevice | null> {
    return await this.disk.read(
      ['device'],
      async (tx) => (await tx.objectStore('device').get(ONLY)) ?? null,
    );
  }

  async saveDevice(device: StoredDevice): Promise<void> {
    await this.disk.write(['device', 'wiped'], async (tx) => {
      await tx.objectStore('wiped').clear();
      await tx.objectStore('device').put(device, ONLY);
    });
  }

  async wipe(action: Wiping, orderedAt: number, now: number): Promise<Wiped> {
    return await this.disk.write([...EVERYTHING], async (tx) => {
      return await wipe(tx, action, orderedAt, now);
    });
  }

  async wiped(): Promise<WipeMark | null> {
    return await this.disk.read(
      ['wiped'],
      async (tx) => (await tx.objectStore('wiped').get(ONLY)) ?? null,
    );
  }

  async endWipe(): Promise<void> {
    await this.disk.write(['wiped'], async (tx) => {
      const mark = await tx.objectStore('wiped').get(ONLY);
      if (mark !== undefined) await tx.objectStore('wiped').put({ ...mark, isDone: true }, ONLY);
    });
  }

  async changeDevice(change: (now: StoredDevice) => StoredDevice): Promise<StoredDevice | null> {
    return await this.disk.write(['device'], async (tx) => await changeDevice(tx, change));
  }

  async seats(): Promise<StoredSeat[]> {
    const rows = await this.disk.read(
      ['seats'],
      async (tx) => await tx.objectStore('seats').getAll(),
    );
    return await Promise.all(rows.map(async (row) => await this.openSeat(row)));
  }

  async addSeat({ keys, ...seat }: NewSeat, vault?: Vault): Promise<void> {
    const mark = this.rows.mark();
    const sealedKey = await this.sealing.sealKey(keys.privateKey);
    const signing = sealedKey === null ? { keys } : { sealedKey, ...mark };
    await this.disk.write(['seats', 'device', 'cursors', 'wiped', 'vaults'], async (tx) => {
      await requireNotWiped(tx);
      if (vault !== undefined) await tx.objectStore('vaults').add(vault);
      const seats = tx.objectStore('seats');
      await seats.add({ ...seat, ...signing, trouble: null });
      const before = seat.continues === null ? undefined : await seats.get(seat.continues.seat);
      if (before !== undefined) {
        await seats.put({ ...before, continuedBy: seat.seat });
        await readAnew(tx);
      }
      await changeDevice(tx, (device) => ({ ...device, seat: seat.seat }));
    });
  }

  /** A seat as it is now, whichever version wrote it; its key only from the open vault. */
  private async openSeat({ keys, sealedKey, vault = '', ...row }: SeatRow): Promise<StoredSeat> {
    const { continues = null, continuedBy = null, isClosed = false, dropped = 0 } = row;
    const seat = { ...row, continues, continuedBy, isClosed, dropped };
    if (vault !== this.sealing.vault) return { ...seat, keys: null };
    if (sealedKey === undefined) return { ...seat, keys: keys ?? null };
    return { ...seat, keys: await this.openKeys(sealedKey, row.publicKey) };
  }

  private async openKeys(sealed: Bytes, point: Bytes): Promise<CryptoKeyPair> {
    const privateKey = await this.sealing.openKey(sealed);
    const publicKey = await crypto.subtle.importKey('raw', point, CURVE, true, ['verify']);
    return { privateKey, publicKey };
  }

  async changeSeat(seat: number, change: SeatChange): Promise<void> {
    await this.disk.write(['seats'], async (tx) => {
      const row = await tx.objectStore('seats').get(seat);
      if (row !== undefined) await tx.objectStore('seats').put({ ...row, ...change });
    });
  }

  async partEarlier(seat: number, agreed: Agreed): Promise<void> {
    await this.disk.write(['seats', 'records', 'cursors'], async (tx) => {
      const row = await tx.objectStore('seats').get(seat);
      if (row !== undefined) await tx.objectStore('seats').put({ ...row, agreed });
      for (const record of await tx.objectStore('records').getAll()) {
        const version = record.version + 1;
        await tx.objectStore('records').put({ ...record, renewed: 0, version });
      }
      await tx.objectStore('cursors').clear();
    });
  }

  async directory(): Promise<DirectoryEntry[]> {
    return await this.disk.read(
      ['directory'],
      async (tx) => await tx.objectStore('directory').getAll(),
    );
  }

  async saveDirectory(entries: readonly DirectoryEntry[]): Promise<void> {
    const greatest = Math.max(...entries.map(({ seat }) => seat));
    await this.disk.write(['directory', 'device', 'wiped'], async (tx) => {
      await requireNotWiped(tx);
      for (const entry of entries) await tx.objectStore('directory').put(entry);
      await changeDevice(tx, (device) => ({
        ...device,
        directoryUpTo: Math.max(device.directoryUpTo, greatest),
      }));
    });
  }

  // ---- drafts ------------------------------------------------------------------------------

  async drafts(): Promise<Draft[]> {
    const rows = await this.disk.read(
      ['drafts'],
      async (tx) => await tx.objectStore('drafts').getAll(),
    );
    const ours = rows.filter(this.rows.isOurs);
    return await Promise.all(ours.map(async (row) => await this.rows.openDraft(row)));
  }

  async draft(id: string): Promise<Draft | null> {
    const row = await this.disk.read(
      ['drafts'],
      async (tx) => await tx.objectStore('drafts').get(id),
    );
    return row === undefined || !this.rows.isOurs(row) ? null : await this.rows.openDraft(row);
  }

  async saveDraft(draft: Draft): Promise<void> {
    const row = await this.rows.sealDraft(draft);
    const record = keyOf(row.vault ?? '', draft.record);
    await this.disk.write(['drafts', 'records', 'wiped'], async (tx) => {
      await requireNotWiped(tx);
      // A save that comes late must not bring back a draft that was sealed meanwhile.
      if ((await tx.objectStore('records').getKey(record)) !== undefined) return;
      await tx.objectStore('drafts').put(row);
    });
  }

  async dropDraft(id: string): Promise<void> {
    await this.disk.write(['drafts', 'photos', 'photo_bytes'], async (tx) => {
      await tx.objectStore('drafts').delete(id);
      await dropPhotosOf(tx, id);
    });
  }

  // ---- logs and receipts -------------------------------------------------------------------

  async append(appended: Appended): Promise<Written> {
    const logRow = await this.rows.sealEntry(appended.entry);
    const recordRow = await this.rows.sealRecord(appended.record);
    return await this.disk.write(
      [
        ...(['seats', 'log', 'records', 'drafts', 'photos', 'photo_bytes', 'wiped'] as const),
        ...(appended.code === undefined ? [] : (['leases', 'code_counters'] as const)),
      ],
      async (tx) => {
        await requireNotWiped(tx);
        return await append(tx, appended, logRow, recordRow);
      },
    );
  }

  async entriesAfter(
    seat: number,
    after: number,
    count: number,
    bytes: number,
  ): Promise<LogEntry[]> {
    const rows = await this.disk.read(['log'], async (tx) => {
      const log = tx.objectStore('log');
      for (let from = after; ; ) {
        const found = await log.getAll(above(seat, from), count);
        const [whole, last] = [found.filter(isWhole), found.at(-1)];
        // What was dropped is passed over; it stands before all that was not.
        if (whole.length > 0 || last === undefined) return whole;
        from = last.seq;
      }
    });
    const whole = firstRows(rows.filter(this.rows.isOurs), bytes);
    return await Promise.all(whole.map(async (row) => await this.rows.openEntry(row)));
  }

  async headAt(seat: number, seq: number): Promise<Bytes | null> {
    return await this.disk.read(
      ['log'],
      async (tx) => (await tx.objectStore('log').get([seat, seq]))?.head ?? null,
    );
  }

  async erase(list: Erasures): Promise<Written> {
    const places = new Set(list.entries.map(placeKey));
    const entries = await Promise.all(list.entries.map(async (one) => await this.erasedRow(one)));
    const logRows = entries.filter((row) => row !== null);
    const before = await this.records();
    const touched = before
      .map((record) => ({ record, state: encodeState(erase(decodeState(record.state), places)) }))
      .filter(({ record, state }) => !sameBytes(record.state, state));
    const recordRows = await Promise.all(
      touched.map(async ({ record, state }) => {
        return await this.rows.sealRecord({ ...record, state, version: record.version + 1 });
      }),
    );
    const vault = this.rows.vault();
    return await this.disk.write(['log', 'records', 'device', 'vaults', 'wiped'], async (tx) => {
      await requireNotWiped(tx);
      for (const row of recordRows) if (!(await stands(tx, row))) return 'raced';
      for (const row of recordRows) await tx.objectStore('records').put(row);
      for (const row of logRows) await tx.objectStore('log').put(row);
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
  private async erasedRow({ seat, seq, hash }: Erasure): Promise<LogRow | null> {
    const row = await this.disk.read(
      ['log'],
      async (tx) => await tx.objectStore('log').get([seat, seq]),
    );
    if (row === undefined || !isWhole(row) || !this.rows.isOurs(row)) return null;
    const { change } = await this.rows.openEntry(row);
    const [skeleton, body] = split(change);
    if (chain.isErased(body) || !sameBytes(chain.bodyHash(body), hash)) return null;
    return { ...row, sealed: await this.sealing.seal(concat(skeleton, chain.erase(body))) };
  }

  async entriesOf(record: string): Promise<LogEntry[]> {
    const rows = await this.disk.read(
      ['log'],
      async (tx) => await tx.objectStore('log').index('record').getAll(record),
    );
    const ours = rows.filter(isWhole).filter(this.rows.isOurs);
    return await Promise.all(ours.map(async (row) => await this.rows.openEntry(row)));
  }

  async dropEntries(seat: number, upTo: number): Promise<number> {
    return await this.disk.write(['seats', 'log'], async (tx) => {
      const row = await tx.objectStore('seats').get(seat);
      if (row === undefined || upTo <= (row.dropped ?? 0)) return 0;
      const log = tx.objectStore('log');
      const places = IDBKeyRange.bound([seat, row.dropped ?? 0], [seat, upTo], true);
      const whole = (await log.getAll(places)).filter(isWhole);
      for (const { seq, at, head } of whole) await log.put({ seat, seq, at, head });
      await tx.objectStore('seats').put({ ...row, dropped: upTo });
      return whole.length;
    });
  }

  async receipts(): Promise<Receipt[]> {
    return await this.disk.read(
      ['receipts'],
      async (tx) => await tx.objectStore('receipts').getAll(),
    );
  }

  async saveReceipts(receipts: readonly Receipt[]): Promise<void> {
    await this.disk.write(['receipts', 'witnesses'], async (tx) => {
      for (const receipt of receipts) {
        const { seat, held, time } = receipt;
        await tx.objectStore('receipts').put(receipt);
        const witnesses = tx.objectStore('witnesses');
        // An office that holds less than it once did has lost what those witnesses saw.
        await witnesses.delete(above(seat, held));
        const first = await witnesses.get([seat, held]);
        if (first === undefined) await witnesses.put({ seat, held, time });
      }
    });
  }

  async witness(seat: number, seq: number): Promise<Witness | null> {
    return await this.disk.read(['witnesses'], async (tx) => {
      const [first] = await tx.objectStore('witnesses').getAll(above(seat, seq - 1), 1);
      return first ?? null;
    });
  }

  async heldAt(seat: number, time: number): Promise<number> {
    const all = await this.disk.read(
      ['witnesses'],
      async (tx) => await tx.objectStore('witnesses').getAll(above(seat, 0)),
    );
    return Math.max(0, ...all.filter((one) => one.time <= time).map(({ held }) => held));
  }

  async unsent(): Promise<Unsent[]> {
    return await this.disk.read(['seats', 'receipts', 'log'], async (tx) => {
      const unsent: Unsent[] = [];
      for (const { seat, isClosed } of await tx.objectStore('seats').getAll()) {
        if (isClosed === true) continue;
        const held = (await tx.objectStore('receipts').get(seat))?.held ?? 0;
        const rows = await tx.objectStore('log').getAll(above(seat, held));
        for (const { seq, record, at } of rows.filter(isWhole)) {
          unsent.push({ seat, seq, record, at });
        }
      }
      return unsent;
    });
  }

  // ---- records and feeds -------------------------------------------------------------------

  async record(id: string): Promise<StoredRecord | null> {
    const key = this.rows.key(id);
    if (key === null) return null;
    const row = await this.disk.read(
      ['records'],
      async (tx) => await tx.objectStore('records').get(key),
    );
    return row === undefined ? null : await this.rows.openRecord(row);
  }

  async records(): Promise<StoredRecord[]> {
    const rows = await this.disk.read(
      ['records'],
      async (tx) => await tx.objectStore('records').getAll(),
    );
    const ours = rows.filter(this.rows.isOurs);
    return await Promise.all(ours.map(async (row) => await this.rows.openRecord(row)));
  }

  async cursors(): Promise<Map<Feed, number>> {
    return await this.disk.read(['cursors'], async (tx) => {
      const store = tx.objectStore('cursors');
      const [feeds, cursors] = await Promise.all([store.getAllKeys(), store.getAll()]);
      return new Map(feeds.map((feed, place) => [feed, cursors[place] ?? 0]));
    });
  }

  async applyPage(page: PageWrite): Promise<Written> {
    const rows = await Promise.all(
      page.records.map(async (record) => await this.rows.sealRecord(record)),
    );
    const offers = await this.rows.sealOffers(page.offers ?? []);
    const vault = this.rows.vault();
    const removed = page.removed.map(({ id, version }) => ({ id: keyOf(vault, id), version }));
    return await this.disk.write(
      ['records', 'cursors', 'offers', 'device', 'wiped'],
      async (tx) => {
        await requireNotWiped(tx);
        return await applyPage(tx, { ...page, removed }, rows, offers);
      },
    );
  }

  async forgetCursors(): Promise<void> {
    await this.disk.write(['cursors', 'device'], readAnew);
  }

  // ---- what a lost life of the office gave -------------------------------------------------

  async saveOffers(records: readonly StoredRecord[], offers: readonly Offer[]): Promise<Written> {
    const rows = await Promise.all(records.map(async (record) => await this.rows.sealRecord(record)));
    const sealed = await this.rows.sealOffers(offers);
    return await this.disk.write(['records', 'offers', 'wiped'], async (tx) => {
      await requireNotWiped(tx);
      for (const row of rows) {
        if (!(await stands(tx, row))) return 'raced';
      }
      for (const row of rows) await tx.objectStore('records').put(row);
      for (const row of sealed) await tx.objectStore('offers').put(row);
      return 'written';
    });
  }

  async offers(count: number, bytes: number): Promise<Offer[]> {
    const rows = await this.disk.read(
      ['offers'],
      async (tx) => await tx.objectStore('offers').getAll(),
    );
    return await Promise.all(
      firstRows(rows.filter(this.rows.isOurs).slice(0, count), bytes).map(async (row) => await this.rows.openOffer(row)),
    );
  }

  async dropOffers(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const vault = this.rows.vault();
    await this.disk.write(['offers'], async (tx) => {
      for (const id of ids) await tx.objectStore('offers').delete(keyOf(vault, id));
    });
  }

  // ---- reference data ----------------------------------------------------------------------

  async reference(): Promise<StoredReference | null> {
    return await this.disk.read(
      ['reference'],
      async (tx) => (await tx.objectStore('reference').get(ONLY)) ?? null,
    );
  }

  async saveReference(reference: StoredReference): Promise<void> {
    await this.disk.write(['reference'], async (tx) => {
      await tx.objectStore('reference').put(reference, ONLY);
    });
  }
}

async function changeDevice(
  tx: Writing,
  change: (now: StoredDevice) => StoredDevice,
): Promise<StoredDevice | null> {
  const now = await tx.objectStore('device').get(ONLY);
  if (now === undefined) return null;
  const changed = change(now);
  await tx.objectStore('device').put(changed, ONLY);
  return changed;
}

async function readAnew(tx: Writing): Promise<void> {
  await tx.objectStore('cursors').clear();
  await changeDevice(tx, (now) => ({ ...now, readAnew: (now.readAnew ?? 0) + 1 }));
}

async function append(
  tx: Writing,
  { seat, entry, endsDraft, photos, code }: Appended,
  logRow: LogRow,
  recordRow: RecordRow,
): Promise<Written> {
  const seatNow = await tx.objectStore('seats').get(seat.seat);
  // Another seat goes on from this log: whatever were added to it now would not be carried over.
  if (seatNow?.last !== entry.seq - 1 || (seatNow.continuedBy ?? null) !== null) return 'raced';
  if (!(await stands(tx, recordRow))) return 'raced';
  if (!(await isFree(tx, code))) return 'raced';
  if (!(await namePhotos(tx, photos, entry, endsDraft))) return 'raced';
  await useUp(tx, code);
  await tx.objectStore('log').add(logRow);
  const { last, head, at, continues } = seat;
  await tx.objectStore('seats').put({ ...seatNow, last, head, at, continues });
  await tx.objectStore('records').put(recordRow);
  if (endsDraft !== null) await tx.objectStore('drafts').delete(endsDraft);
  return 'written';
}

async function applyPage(
  tx: Writing,
  page: PageWrite,
  rows: readonly RecordRow[],
  offers: readonly OfferRow[],
): Promise<Written> {
  const records = tx.objectStore('records');
  const device = await tx.objectStore('device').get(ONLY);
  const begun = device?.readAnew ?? 0;
  if ((page.readAnew ?? begun) !== begun) return 'raced';
  for (const row of rows) {
    if (!(await stands(tx, row))) return 'raced';
  }
  for (const { id, version } of page.removed) {
    if ((await records.get(id))?.version !== version) return 'raced';
  }
  for (const row of rows) await records.put(row);
  for (const { id } of page.removed) await records.delete(id);
  for (const offer of offers) await tx.objectStore('offers').put(offer);
  const cursors = tx.objectStore('cursors');
  if (page.cursor === null) await cursors.delete(page.feed);
  else await cursors.put(page.cursor, page.feed);
  return 'written';
}

/** Whether the record is still the one that the new version was made from. */
async function stands(tx: Writing, next: RecordRow): Promise<boolean> {
  const now = await tx.objectStore('records').get(next.id);
  return (now?.version ?? 0) === next.version - 1;
}

/** Whether a change itself is still there, not its head alone. */
function isWhole(row: LogRow | LinkRow): row is LogRow {
  return 'sealed' in row;
}

/** The places of a log above a seq. */
function above(seat: number, seq: number): IDBKeyRange {
  return IDBKeyRange.bound([seat, seq], [seat, Infinity], true);
}

/** As many rows as fit into so many bytes; the first always. */
function firstRows<Row extends { readonly sealed: Bytes }>(rows: Row[], bytes: number): Row[] {
  let sum = 0;
  return rows.filter(({ sealed }, place) => {
    sum += sealed.length;
    return place === 0 || sum <= bytes;
  });
}
