/** The logs of this phone as linked changes, and where they parted from the office's. */
import type { LogEntry, Store, StoredSeat } from '../store/port';
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
  return trouble === 'log-forked' || trouble === 'log-old' || trouble === 'log-lost';
}

/** Whether another log stands at the office under this seat, so that this one cannot be sent. */
export function hasParted({ trouble, continuedBy }: StoredSeat): boolean {
  if (trouble === 'log-lost') return false;
  return trouble === 'log-forked' || trouble === 'log-old' || continuedBy !== null;
}

/** Where logs of this phone parted; receipts tell up to where they had been one. */
export async function partingsOf(store: Store): Promise<Parting[]> {
  const seats = await store.seats();
  const parted = seats.filter(hasParted);
  if (parted.length === 0) return [];
  const held = new Map((await store.receipts()).map((receipt) => [receipt.seat, receipt.held]));
  return parted.map(({ seat, continuedBy }) => {
    const goneOn = seats.find((one) => one.seat === continuedBy)?.continues;
    return { seat, common: goneOn?.common ?? held.get(seat) ?? 0, continuedBy };
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
