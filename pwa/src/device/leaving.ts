/**
 * Dossiers with which this phone is done leave it by themselves; their code and date stay. So do
 * results, originals, petitions and surveys that have ended (`shift/ended.ts`); nothing of those stays.
 *
 * 1. Only what somebody wrote here, all of it below `safe` of a receipt of the current epoch, and
 *    photos only after their bytes went the same way: a verified backup of the office has it.
 * 2. Only days after the newest of it came to the office, and with nothing open: no disagreement, no
 *    question of the office. Whatever changes at the office brings the dossier back.
 * 3. Not while any log of this phone has parted: carrying over looks into the records.
 */
import type { Store, StoredDevice, StoredRecord } from '../store/port';
import { conflicts, decodeState } from '../sync/record';
import type { Receipt } from '../sync/receipt';
import { OFFICIAL, PROVISIONAL } from '../sync/codes';
import { DOSSIER } from '../sync/kinds';
import { isEnded } from '../shift/ended';
import { dossierOf, readPeople } from './dossier';
import { findingsOf } from './findings';
import { hasParted } from './own_log';
import type { Dossier } from './shown';
import type { World } from './world';
import { workOf } from './work';

export const LEAVE_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Every record is opened for it: a few times a day is enough. */
const LOOK_MS = DAY_MS / 4;
const LOOKED = 'leaving-looked';

/** Gives how many left. */
export async function letOldGo({ store }: World): Promise<number> {
  const device = await store.device();
  const seats = await store.seats();
  // Nobody is at work, or all vaults are locked: there is nothing to look at.
  if (seats.every(({ keys }) => keys === null)) return 0;
  if (device === null || seats.some(hasParted)) return 0;
  if (seats.some(({ trouble }) => trouble !== null)) return 0;
  const looked = await store.kept.get(LOOKED);
  if (typeof looked === 'number' && device.lastExchangeAt - looked < LOOK_MS) return 0;
  const own = new Set(seats.filter(({ keys }) => keys !== null).map(({ seat }) => seat));
  const receipts = new Map((await store.receipts()).map((receipt) => [receipt.seat, receipt]));
  const people = await readPeople(store);
  let left = 0;
  for (const record of await store.records()) {
    if (!(await isDone(store, device, record, own, receipts))) continue;
    const dossier = dossierOf(record, people);
    if (dossier.kind !== DOSSIER && !workOf(dossier).some(isEnded)) continue;
    const trace = { code: codeOf(dossier), sealedAt: dossier.sealedAt };
    const written = await store.kept.letGo(
      record.id,
      record.version,
      dossier.kind === DOSSIER ? { ...trace, leftAt: device.lastExchangeAt } : null,
    );
    if (written === 'written') left++;
  }
  await store.kept.put(LOOKED, device.lastExchangeAt);
  return left;
}

async function isDone(
  store: Store,
  device: StoredDevice,
  { id, state: bytes, given }: StoredRecord,
  own: ReadonlySet<number>,
  receipts: ReadonlyMap<number, Receipt>,
): Promise<boolean> {
  if (given?.epoch !== device.epoch) return false;
  const state = decodeState(bytes);
  const heads = [...state.registers.values()].flatMap((register) => register.heads);
  const before = device.lastExchangeAt - (device.leaveDays ?? LEAVE_DAYS) * DAY_MS;
  const isSafe = (seat: number, seq: number): boolean => {
    const receipt = receipts.get(seat);
    return receipt?.epoch === device.epoch && receipt.safe >= seq;
  };
  const mine = heads.filter(({ dot }) => own.has(dot.seat));
  if (mine.length === 0 || !mine.every(({ dot }) => isSafe(dot.seat, dot.seq))) return false;
  for (const { dot, received } of heads) {
    const time = own.has(dot.seat) ? (await store.witness(dot.seat, dot.seq))?.time : received;
    if ((time ?? 0) === 0 || (time ?? 0) > before) return false;
  }
  if (conflicts(state).length > 0) return false;
  if (findingsOf(device).some((one) => one.record === id && one.closed === null)) return false;
  const entries = await store.entriesOf(id);
  if (!entries.every(({ seat, seq }) => isSafe(seat, seq))) return false;
  const photos = await store.photos.of(id);
  return photos.every(({ stage, hasBytes }) => stage === 'held' && !hasBytes);
}

/** By which it is called; empty where it never had one. */
function codeOf({ fields }: Dossier): string {
  const text = (name: string): string => {
    const value = fields.get(name)?.head.value;
    return typeof value === 'string' ? value : '';
  };
  return text(OFFICIAL) || text(PROVISIONAL);
}
