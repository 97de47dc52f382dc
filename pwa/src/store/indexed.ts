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
import { allOf } from './all_rows';
import { DamagedRows, good, openOrNull, orElse, readNoting } from './damage';
import { type Connect, Disk, type Reading, type Writing } from './disk';
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
  Damage,
  Draft,
  Feed,
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
  type DraftRow,
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
  readonly kept: IndexedKept;
  readonly codes: CodeStore;
  private readonly sealing: Sealing;
  private readonly rows: SealedRows;
  private readonly damaged = new DamagedRows();

  constructor(name: string, sealing: Sealing, connect?: Connect) {
    this.disk = new Disk(name, connect);
    this.sealing = sealing;
    this.rows = new SealedRows(sealing);
    this.photos = new IndexedPhotos(this.disk, sealing, this.rows, this.damaged);
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
      const before = seat.continues === null ? undefined : await seats.get(seat.continues.seat);
      await seats.add({ ...seat, ...signing, trouble: null, owed: before?.owed ?? [] });
      if (before !== undefined) {
        await seats.put({ ...before, continuedBy: seat.seat, owed: [] });
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
    const opened = await openOrNull(async () => await this.openKeys(sealedKey, row.publicKey));
    if (opened !== null) return { ...seat, keys: opened };
    return { ...seat, keys: null, hasLostKey: true, trouble: row.trouble ?? 'log-damaged' };
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

  async partEarlier(seat: number, agreed: Agreed, known: number): Promise<void> {
    await this.disk.write(['seats', 'records', 'cursors', 'device'], async (tx) => {
      await partEarlier(tx, seat, agreed, known);
      for (const record of await tx.objectStore('records').getAll()) {
        const version = record.version + 1;
        await tx.objectStore('records').put({ ...record, renewed: 0, version });
      }
      await readAnew(tx);
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
    const rows = await allOf(this.disk, 'drafts', this.damaged);
    const ours = rows.filter(this.rows.isOurs);
    return good(await Promise.all(ours.map(async (row) => await this.openDraft(row))));
  }

  async draft(id: string): Promise<Draft | null> {
    const row = await this.disk.read(
      ['drafts'],
      async (tx) => await tx.objectStore('drafts').get(id),
    );
    return row === undefined || !this.rows.isOurs(row) ? null : await this.openDraft(row);
  }

  private async openDraft(row: DraftRow): Promise<Draft | null> {
    return await readNoting(this.damaged.drafts, row.id, null, async () => await this.rows.openDraft(row));
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
    this.damaged.drafts.delete(id);
  }

  // ---- logs and receipts -------------------------------------------------------------------

  async append(appended: Appended): Promise<Written> {
    const logRow = await this.rows.sealEntry(appended.entry);
    const recordRow = await this.rows.sealRecord(appended.record);
    const written = await this.disk.write(
      [
        ...(['seats', 'log', 'records', 'drafts', 'photos', 'photo_bytes', 'wiped'] as const),
        ...(appended.code === undefined ? [] : (['leases', 'code_counters'] as const)),
      ],
      async (tx) => {
        await requireNotWiped(tx);
        return await append(tx, appended, logRow, recordRow, this.damaged);
      },
    );
    if (written === 'written') this.damaged.mended([recordRow]);
    return written;
  }

  async entriesAfter(
    seat: number,
    after: number,
    count: number,
    bytes: number,
  ): Promise<LogEntry[]> {
    for (let from = after; ; ) {
      const found = await allOf(this.disk, 'log', this.damaged, above(seat, from), count);
      const last = found.at(-1);
      if (last === undefined) return [];
      const whole = firstRows(found.filter(isWhole).filter(this.rows.isOurs), bytes);
      const opened = good(await Promise.all(whole.map(async (row) => await this.openEntry(row))));
      // What was dropped is passed over, it stands before all that was not; so is what is damaged.
      if (opened.length > 0) return opened;
      from = (whole.at(-1) ?? last).seq;
    }
  }

  private async openEntry(row: LogRow): Promise<LogEntry | null> {
    return await readNoting(this.damaged.log, placeOf(row), row, async () => {
      return await this.rows.openEntry(row);
    });
  }

  async salvage(entry: LogEntry): Promise<void> {
    const row = await this.rows.sealEntry({ ...entry, isSalvaged: true });
    await this.disk.write(['log', 'wiped'], async (tx) => {
      await requireNotWiped(tx);
      await tx.objectStore('log').put(row);
    });
    this.damaged.log.delete(placeOf(entry));
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
    const touched = before.map((one) => erasedIn(one, places)).filter((one) => one !== null);
    const recordRows = await Promise.all(
      touched.map(async (record) => await this.rows.sealRecord(record)),
    );
    const vault = this.rows.vault();
    const offered = (await this.offers(Infinity, Infinity))
      .filter(({ state }) => !sameBytes(withoutErased(state, places), state))
      .map(({ id }) => keyOf(vault, id));
    return await this.disk.write(['log', 'records', 'offers', 'device', 'vaults', 'wiped'], async (tx) => {
      await requireNotWiped(tx);
      for (const row of recordRows) if (!(await stands(tx, row, this.damaged))) return 'raced';
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
  private async erasedRow({ seat, seq, hash }: Erasure): Promise<LogRow | null> {
    const row = await this.disk.read(
      ['log'],
      async (tx) => await tx.objectStore('log').get([seat, seq]),
    );
    if (row === undefined || !isWhole(row) || !this.rows.isOurs(row)) return null;
    const entry = await this.openEntry(row);
    if (entry === null) return null;
    const [skeleton, body] = split(entry.change);
    if (chain.isErased(body) || !sameBytes(chain.bodyHash(body), hash)) return null;
    return { ...row, sealed: await this.sealing.seal(concat(skeleton, chain.erase(body))) };
  }

  async entriesOf(record: string): Promise<LogEntry[]> {
    const rows = await this.rowsOf(record);
    const ours = rows.filter(isWhole).filter(this.rows.isOurs);
    return good(await Promise.all(ours.map(async (row) => await this.openEntry(row))));
  }

  private async rowsOf(record: string): Promise<(LogRow | LinkRow)[]> {
    return await orElse(
      async () => {
        return await this.disk.read(
          ['log'],
          async (tx) => await tx.objectStore('log').index('record').getAll(record),
        );
      },
      async () => {
        const all = await allOf(this.disk, 'log', this.damaged);
        return all.filter((row) => isWhole(row) && row.record === record);
      },
    );
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
    const read = async (): Promise<Unsent[]> => {
      return await this.disk.read(['seats', 'receipts', 'log'], async (tx) => {
        return await unsentOf(tx, async (places) => await tx.objectStore('log').getAll(places));
      });
    };
    return await orElse(read, async () => {
      const log = await allOf(this.disk, 'log', this.damaged);
      return await this.disk.read(['seats', 'receipts'], async (tx) => {
        return await unsentOf(tx, (places) => {
          return Promise.resolve(log.filter(({ seat, seq }) => places.includes([seat, seq])));
        });
      });
    });
  }

  // ---- records and feeds -------------------------------------------------------------------

  async record(id: string): Promise<StoredRecord | null> {
    const key = this.rows.key(id);
    if (key === null) return null;
    const [row] = await allOf(this.disk, 'records', this.damaged, IDBKeyRange.only(key));
    return row === undefined ? null : await this.openRecord(row);
  }

  async records(): Promise<StoredRecord[]> {
    const rows = await allOf(this.disk, 'records', this.damaged);
    const ours = rows.filter(this.rows.isOurs);
    return good(await Promise.all(ours.map(async (row) => await this.openRecord(row))));
  }

  private async openRecord(row: RecordRow): Promise<StoredRecord | null> {
    const { records } = this.damaged;
    if (records.get(row.id)?.version === row.version) return null;
    return await readNoting(records, row.id, row, async () => await this.rows.openRecord(row));
  }

  damage(): Damage {
    return this.damaged.all(this.sealing.vault ?? '?');
  }

  setAside(record: StoredRecord): void {
    const id = keyOf(this.rows.vault(), record.id);
    this.damaged.records.set(id, { ...record, id });
  }

  async removeDamaged(record: string, leftAt: number): Promise<void> {
    // A good one may have taken its place meanwhile.
    if (!this.damaged.records.has(keyOf(this.rows.vault(), record))) return;
    this.damaged.mended([{ id: await this.kept.removeDamaged(record, leftAt) }]);
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
    const written = await this.disk.write(
      ['records', 'cursors', 'offers', 'device', 'wiped'],
      async (tx) => {
        await requireNotWiped(tx);
        return await applyPage(tx, { ...page, removed }, rows, offers, this.damaged);
      },
    );
    if (written === 'written') this.damaged.mended([...rows, ...removed]);
    return written;
  }

  async forgetCursors(): Promise<void> {
    await this.disk.write(['cursors', 'device'], readAnew);
  }

  // ---- what a lost life of the office gave -------------------------------------------------

  async saveOffers(records: readonly StoredRecord[], offers: readonly Offer[]): Promise<Written> {
    const rows = await Promise.all(records.map(async (record) => await this.rows.sealRecord(record)));
    const sealed = await this.rows.sealOffers(offers);
    const written = await this.disk.write(['records', 'offers', 'wiped'], async (tx) => {
      await requireNotWiped(tx);
      for (const row of rows) {
        if (!(await stands(tx, row, this.damaged))) return 'raced';
      }
      for (const row of rows) await tx.objectStore('records').put(this.damaged.inPlaceOf(row));
      for (const row of sealed) await tx.objectStore('offers').put(row);
      return 'written' as const;
    });
    if (written === 'written') this.damaged.mended(rows);
    return written;
  }

  async offers(count: number, bytes: number): Promise<Offer[]> {
    const rows = await this.disk.read(
      ['offers'],
      async (tx) => await tx.objectStore('offers').getAll(),
    );
    const opened = await Promise.all(
      firstRows(rows.filter(this.rows.isOurs).slice(0, count), bytes).map(async (row) => {
        return await openOrNull(async () => await this.rows.openOffer(row));
      }),
    );
    return good(opened);
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

/** What a log that parted earlier leaves to carry goes to the newest seat that goes on from it. */
async function partEarlier(
  tx: Writing,
  seat: number,
  agreed: Agreed,
  known: number,
): Promise<void> {
  const seats = tx.objectStore('seats');
  const row = await seats.get(seat);
  if (row === undefined) return;
  const isOwed = known > agreed.upTo && (row.continuedBy ?? null) !== null;
  await seats.put({ ...row, agreed, ...(isOwed && { isClosed: false }) });
  if (!isOwed) return;
  let newest: SeatRow | undefined = row;
  while (newest !== undefined && (newest.continuedBy ?? null) !== null) {
    newest = await seats.get(newest.continuedBy ?? 0);
  }
  if (newest === undefined) return;
  const owed = [...(newest.owed ?? []), { seat, upTo: known, carried: agreed.upTo }];
  await seats.put({ ...newest, owed });
}

/** What stands above the receipts. */
async function unsentOf(
  tx: Reading,
  read: (places: IDBKeyRange) => Promise<(LogRow | LinkRow)[]>,
): Promise<Unsent[]> {
  const unsent: Unsent[] = [];
  for (const { seat, isClosed, agreed } of await tx.objectStore('seats').getAll()) {
    if (isClosed === true) continue;
    const receipt = await tx.objectStore('receipts').get(seat);
    const held = Math.min(receipt?.held ?? 0, agreed?.upTo ?? Infinity);
    for (const { seq, record, at } of (await read(above(seat, held))).filter(isWhole)) {
      unsent.push({ seat, seq, record, at });
    }
  }
  return unsent;
}

async function append(
  tx: Writing,
  { seat, entry, endsDraft, photos, code }: Appended,
  logRow: LogRow,
  recordRow: RecordRow,
  damaged: DamagedRows,
): Promise<Written> {
  const seatNow = await tx.objectStore('seats').get(seat.seat);
  // Another seat goes on from this log: whatever were added to it now would not be carried over.
  if (seatNow?.last !== entry.seq - 1 || (seatNow.continuedBy ?? null) !== null) return 'raced';
  if (!(await stands(tx, recordRow, damaged))) return 'raced';
  if (!(await isFree(tx, code))) return 'raced';
  if (!(await namePhotos(tx, photos, entry, endsDraft))) return 'raced';
  await useUp(tx, code);
  await tx.objectStore('log').add(logRow);
  const { last, head, at, continues, owed } = seat;
  await tx.objectStore('seats').put({ ...seatNow, last, head, at, continues, owed });
  await tx.objectStore('records').put(damaged.inPlaceOf(recordRow));
  if (endsDraft !== null) await tx.objectStore('drafts').delete(endsDraft);
  return 'written';
}

async function applyPage(
  tx: Writing,
  page: PageWrite,
  rows: readonly RecordRow[],
  offers: readonly OfferRow[],
  damaged: DamagedRows,
): Promise<Written> {
  const records = tx.objectStore('records');
  const device = await tx.objectStore('device').get(ONLY);
  const begun = device?.readAnew ?? 0;
  if ((page.readAnew ?? begun) !== begun) return 'raced';
  for (const row of rows) {
    if (!(await stands(tx, row, damaged))) return 'raced';
  }
  for (const { id, version } of page.removed) {
    if ((await versionOf(tx, id, damaged)) !== version) return 'raced';
  }
  for (const row of rows) await records.put(damaged.inPlaceOf(row));
  for (const { id } of page.removed) await records.delete(id);
  for (const offer of offers) await tx.objectStore('offers').put(offer);
  const cursors = tx.objectStore('cursors');
  if (page.cursor === null) await cursors.delete(page.feed);
  else await cursors.put(page.cursor, page.feed);
  return 'written';
}

/** Whether the record is still the one that the new version was made from. */
async function stands(tx: Writing, next: RecordRow, damaged: DamagedRows): Promise<boolean> {
  return (await versionOf(tx, next.id, damaged)) === next.version - 1;
}

/** The version of a record as it lies here; 0 where it does not, or cannot be read. */
async function versionOf(tx: Writing, id: string, damaged: DamagedRows): Promise<number> {
  return await damaged.versionOf(id, async () => {
    return (await tx.objectStore('records').get(id))?.version ?? 0;
  });
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

/** A place of a log, as a key. */
function placeOf({ seat, seq }: LinkRow | LogEntry): string {
  return `${seat}/${seq}`;
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
