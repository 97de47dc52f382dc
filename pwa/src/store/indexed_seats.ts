/** The people of this phone in IndexedDB: their keys, sealed, and where their logs end. */
import type { Bytes } from '../sync/bytes';
import { openOrNull } from './damage';
import type { Writing } from './disk';
import { changeDevice, readAnew } from './indexed_device';
import type { Kit } from './kit';
import type { SeatRow } from './schema';
import type { Agreed, NewSeat, Owed, SeatChange, SeatStore, StoredSeat } from './stored_seat';
import type { Vault } from './vault';
import { requireNotWiped } from './wiping';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export function seatsIn({ disk, sealing, sealer }: Kit): SeatStore {
  /** A seat as it is now, whichever version wrote it; its key only from the open vault. */
  async function openSeat({ keys, sealedKey, vault = '', ...row }: SeatRow): Promise<StoredSeat> {
    const { continues = null, continuedBy = null, isClosed = false, dropped = 0 } = row;
    const seat = { ...row, continues, continuedBy, isClosed, dropped };
    if (vault !== sealing.vault) return { ...seat, keys: null };
    if (sealedKey === undefined) return { ...seat, keys: keys ?? null };
    const opened = await openOrNull(async () => await openKeys(sealedKey, row.publicKey));
    if (opened !== null) return { ...seat, keys: opened };
    return { ...seat, keys: null, hasLostKey: true, trouble: row.trouble ?? 'log-damaged' };
  }

  async function openKeys(sealed: Bytes, point: Bytes): Promise<CryptoKeyPair> {
    const privateKey = await sealing.openKey(sealed);
    const publicKey = await crypto.subtle.importKey('raw', point, CURVE, true, ['verify']);
    return { privateKey, publicKey };
  }

  return {
    async seats(): Promise<StoredSeat[]> {
      const rows = await disk.read(
        ['seats'],
        async (tx) => await tx.objectStore('seats').getAll(),
      );
      return await Promise.all(rows.map(async (row) => await openSeat(row)));
    },

    async addSeat({ keys, ...seat }: NewSeat, vault?: Vault): Promise<void> {
      const mark = sealer.mark();
      const sealedKey = await sealing.sealKey(keys.privateKey);
      const signing = sealedKey === null ? { keys } : { sealedKey, ...mark };
      await disk.write(['seats', 'device', 'cursors', 'wiped', 'vaults'], async (tx) => {
        await requireNotWiped(tx);
        if (vault !== undefined) await tx.objectStore('vaults').add(vault);
        const seats = tx.objectStore('seats');
        const before = seat.continues === null ? undefined : await seats.get(seat.continues.seat);
        const owed = before === undefined ? [] : await owedBy(tx, before);
        await seats.add({ ...seat, ...signing, trouble: null, owed });
        if (before !== undefined) {
          await seats.put({ ...before, continuedBy: seat.seat, owed: [] });
          await readAnew(tx);
        }
        await changeDevice(tx, (device) => ({ ...device, seat: seat.seat }));
      });
    },

    async changeSeat(seat: number, change: SeatChange): Promise<void> {
      await disk.write(['seats'], async (tx) => {
        const row = await tx.objectStore('seats').get(seat);
        if (row !== undefined) await tx.objectStore('seats').put({ ...row, ...change });
      });
    },

    async partEarlier(seat: number, agreed: Agreed, known: number): Promise<void> {
      await disk.write(['seats', 'records', 'cursors', 'device'], async (tx) => {
        await partEarlier(tx, seat, agreed, known);
        for (const record of await tx.objectStore('records').getAll()) {
          const version = record.version + 1;
          await tx.objectStore('records').put({ ...record, renewed: 0, version });
        }
        await readAnew(tx);
      });
    },
  };
}

/** All that a log which parts was still to carry over: it goes with what it leaves itself. */
async function owedBy(
  tx: Writing,
  { continues = null, owed = [] }: SeatRow,
): Promise<readonly Owed[]> {
  const row = continues === null ? undefined : await tx.objectStore('seats').get(continues.seat);
  if (continues === null || row === undefined || row.isClosed === true) return owed;
  const { seat, last, carried } = continues;
  const isOwed = owed.some((one) => one.seat === seat && one.upTo >= last);
  return isOwed ? owed : [...owed, { seat, upTo: last, carried }];
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
