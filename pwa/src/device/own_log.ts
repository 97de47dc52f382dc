/** The logs of this phone as linked changes, and where they parted from the office's. */
import type { LogEntry, Store, StoredDevice, StoredSeat } from '../store/port';
import { type Branch, isOfBranch } from '../sync/carrying';
import { type LinkedChange, readSkeleton, split } from '../sync/change';
import { BATCH_CHANGES_MAX } from '../sync/limits';

/** A branch of this phone, and the seat that goes on from it, if there is one yet. */
export interface Parting extends Branch {
  readonly continuedBy: number | null;
}

export function linkedFrom({ seat, seq, head, change }: LogEntry): LinkedChange {
  const [skeletonBytes, bodyBytes] = split(change);
  return { seat, seq, head, skeletonBytes, bodyBytes, skeleton: readSkeleton(skeletonBytes) };
}

/** Whether only a new seat helps: the person has to sign in anew. */
export function mustGoOn(trouble: StoredSeat['trouble']): boolean {
  return trouble !== null && trouble !== 'log-refused';
}

/** Whether the office never gets the rest of this log: it holds another one, or this is damaged. */
export function hasParted({ trouble, continuedBy }: StoredSeat): boolean {
  if (trouble === 'log-lost') return false;
  return mustGoOn(trouble) || continuedBy !== null;
}

/** Where logs of this phone parted; receipts tell up to where they had been one. */
export async function partingsOf(store: Store): Promise<Parting[]> {
  const seats = await store.seats();
  const parted = seats.filter(hasParted);
  if (parted.length === 0) return [];
  const held = new Map((await store.receipts()).map((receipt) => [receipt.seat, receipt.held]));
  return parted.map(({ seat, continuedBy, agreed }) => {
    const goneOn = seats.find((one) => one.seat === continuedBy)?.continues;
    const common = agreed?.upTo ?? goneOn?.common ?? held.get(seat) ?? 0;
    return { seat, common, continuedBy };
  });
}

/** A log that parted, of which a restored office may have lost what came before. */
export interface Retold {
  readonly seat: StoredSeat;
  readonly upTo: number;
}

/**
 * The logs whose beginning goes up again in a new epoch, until the office is seen to hold it: no
 * seat that goes on from them has said that again.
 */
export async function retoldLogs(
  store: Store,
  { device, epoch }: Pick<StoredDevice, 'device' | 'epoch'>,
): Promise<Retold[]> {
  const partings = new Map((await partingsOf(store)).map((one) => [one.seat, one.common]));
  if (partings.size === 0) return [];
  const receipts = new Map((await store.receipts()).map((receipt) => [receipt.seat, receipt]));
  return (await store.seats()).flatMap((seat) => {
    const upTo = partings.get(seat.seat) ?? 0;
    const receipt = receipts.get(seat.seat);
    const isCovered = receipt?.epoch === epoch && receipt.held >= upTo;
    const isDue = seat.device === device && upTo > seat.dropped && seat.keys !== null;
    return isDue && !isCovered && seat.agreed?.epoch !== epoch ? [{ seat, upTo }] : [];
  });
}

/** What this phone wrote about a record, without the branches. */
export async function changesTo(
  store: Store,
  record: string,
  branches: readonly Branch[],
): Promise<LinkedChange[]> {
  const entries = await store.entriesOf(record);
  return entries.filter((entry) => !isOfBranch(entry, branches)).map(linkedFrom);
}

/** The changes that follow one another from a seq on: up to where one is missing or was only salvaged. */
export function unbroken(entries: readonly LogEntry[], after: number): LogEntry[] {
  const end = entries.findIndex(({ seq, isSalvaged }, place) => {
    return seq !== after + 1 + place || isSalvaged === true;
  });
  return end < 0 ? [...entries] : entries.slice(0, end);
}

/** All of a log above a seq, oldest first. */
export async function changesAbove(
  store: Store,
  seat: number,
  after: number,
): Promise<LinkedChange[]> {
  const found: LinkedChange[] = [];
  for (let last = after; ;) {
    const entries = await store.entriesAfter(seat, last, BATCH_CHANGES_MAX, Infinity);
    const end = entries.at(-1);
    if (end === undefined) return found;
    found.push(...entries.map(linkedFrom));
    last = end.seq;
  }
}
