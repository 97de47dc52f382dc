/**
 * In a new epoch the office may have lost what came before a log parted. No seat that goes on from
 * that log has said it again, so the log itself goes up once more, up to the parting.
 *
 * Where a copy of this phone came first, with other changes under the same numbers, the office keeps
 * ours as a branch, as with any fork: the log parted earlier than was known, and no state of this
 * phone may go on standing on it. What of it was never carried over goes over then.
 */
import type { Store, StoredSeat } from '../store/port';
import { type Batch, lastOf } from '../sync/batch';
import type { Pace, Request } from './request';

/** What an answer says of such a log; `held`: how far it holds just this one, null if another. */
export interface Retelling {
  readonly seat: StoredSeat;
  readonly batch: Batch | null;
  readonly code: string | null;
  readonly held: number | null;
}

/** Gives whether the log parted earlier than was known, so that all pages are to come anew. */
export async function followRetold(
  store: Store,
  { device, retold }: Pick<Request, 'device' | 'retold'>,
  { seat: { seat, dropped }, batch, code, held }: Retelling,
  pace: Pace,
): Promise<boolean> {
  const upTo = retold.get(seat) ?? 0;
  const { epoch } = device;
  if (batch !== null && code === 'fork' && batch.changes.length > 1) {
    // What is carried over too much would stand again beside what has replaced it since.
    halve(batch, pace);
    pace.again.set(seat, batch.first - 1);
    return false;
  }
  if (batch !== null && pace.narrow.has(seat)) halve(batch, pace);
  if (batch !== null && code === 'fork') {
    endSearch(seat, pace);
    const agreed = { upTo: Math.min(held ?? batch.first - 1, upTo), epoch };
    await store.partEarlier(seat, agreed, upTo);
    return true;
  }
  const reached = batch === null ? held : lastOf(batch);
  const isStuck = batch === null && held === null && pace.again.has(seat);
  if (code !== null || isStuck) {
    // A gap, or a seat that is not known yet: it needs time, or people, and not a next round.
    endSearch(seat, pace);
  } else if (reached !== null && reached >= upTo) {
    endSearch(seat, pace);
    await store.changeSeat(seat, { agreed: { upTo, epoch } });
  } else {
    pace.again.set(seat, reached ?? dropped);
  }
  return false;
}

/** The change that parted is in this half or in the next one; each is tried at half the size. */
function halve({ seat, changes }: Batch, pace: Pace): void {
  pace.narrow.set(seat, Math.max(1, changes.length >> 1));
}

function endSearch(seat: number, pace: Pace): void {
  pace.again.delete(seat);
  pace.narrow.delete(seat);
}
