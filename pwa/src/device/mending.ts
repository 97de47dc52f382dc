/**
 * What becomes of rows that this phone cannot read any more. Nothing damaged is deleted here, but
 * for a record that nobody gives again, when a person says so.
 *
 *     record, the office gave it     all feeds are begun anew, and a page writes it again
 *     record that only is here       made again from this phone's own log, at once
 *     change the office has not      its log ends before it; what the record still shows of it is put
 *                                    in its place, and goes over to the seat that goes on from the log
 */
import type { DamagedEntry, LogEntry, Store, StoredRecord, StoredSeat } from '../store/port';
import { BATCH_CHANGES_MAX, SALT_BYTES } from '../sync/limits';
import { type Bytes, concat, fromHex } from '../sync/bytes';
import { type Skeleton, writeChange } from '../sync/change';
import type { Value } from '../sync/pack';
import { type State, decodeState, emptyState, encodeState, fold } from '../sync/record';
import { type Head, openValue } from '../sync/register';
import { changesTo, partingsOf } from './own_log';
import type { World } from './world';

/** A head of a chain, of which a dot says no more than its beginning. */
const HEAD_BYTES = 32;

/** Makes again what no office gave and the logs still tell; gives how many records it made. */
export async function remakeOwn({ store }: World): Promise<number> {
  let made = 0;
  for (const { id, isOwn } of store.damage().records) {
    if (!isOwn) continue;
    const record = await fromLog(store, id);
    if (record !== null && (await store.saveOffers([record], [])) === 'written') made++;
  }
  return made;
}

/** Null where the log does not tell all that this phone wrote to it. */
async function fromLog(store: Store, id: string): Promise<StoredRecord | null> {
  const changes = await changesTo(store, id, await partingsOf(store));
  const kind = changes[0]?.skeleton?.kind;
  if (kind === undefined) return null;
  const { state, waiting } = fold(emptyState(fromHex(id), kind), changes);
  if (waiting.length > 0) return null;
  return { id, state: encodeState(state), feeds: [], version: 1, renewed: 0 };
}

/** Begins all feeds anew, once for each record that only the office can give back. */
export async function askAgain({ store }: World): Promise<void> {
  const damaged = store.damage().records.map(({ id }) => id);
  const asked = new Set((await store.device())?.askedAgain);
  if (damaged.every((id) => asked.has(id))) return;
  await store.forgetCursors();
  await store.changeDevice((now) => ({ ...now, askedAgain: damaged }));
}

/**
 * Damaged records that nobody gives again: asked for in vain, with nothing of theirs still to be
 * sent. A person may take them away; they are of no use, and a later page would write them anew.
 */
export async function givenByNobody(store: Store): Promise<string[]> {
  const device = await store.device();
  const seats = await store.seats();
  // Who signs in anew may yet find in a record what a log has lost.
  if (device === null || seats.some(({ trouble }) => trouble !== null)) return [];
  const asked = new Set(device.askedAgain);
  const unsent = new Set((await store.unsent()).map(({ record }) => record));
  const found: string[] = [];
  for (const { id } of store.damage().records) {
    const photos = await store.photos.of(id);
    if (asked.has(id) && !unsent.has(id) && photos.every(({ stage }) => stage === 'held')) found.push(id);
  }
  return found;
}

/** Takes them away, as a person wishes; gives how many went. */
export async function removeGivenByNobody({ store, clock }: World): Promise<number> {
  const found = await givenByNobody(store);
  const skewMs = (await store.device())?.skewMs ?? 0;
  for (const id of found) await store.removeDamaged(id, clock.now() + skewMs);
  return found.length;
}

/**
 * A log of which a change cannot be sent: what the records still show of such changes is saved,
 * and its person has to sign in anew.
 */
export async function endBefore(
  { store, random }: Pick<World, 'store' | 'random'>,
  seat: StoredSeat,
  after: number,
): Promise<void> {
  // Each of them is looked at, so that all that are damaged are known.
  for (let from = after; ; ) {
    const found = await store.entriesAfter(seat.seat, from, BATCH_CHANGES_MAX, Infinity);
    const last = found.at(-1);
    if (last === undefined) break;
    from = last.seq;
  }
  const lost = store.damage().entries.filter((one) => one.seat === seat.seat && one.seq > after);
  if (lost.length > 0) {
    const records = await store.records();
    for (const one of lost) {
      const saved = await salvaged(store, one, records, random.bytes(SALT_BYTES));
      if (saved !== null) await store.salvage(saved);
    }
  }
  await store.changeSeat(seat.seat, { trouble: 'log-damaged' });
}

/** A change as the record still shows it: without what it replaced, and what was set again since. */
async function salvaged(
  store: Store,
  { seat, seq, head }: DamagedEntry,
  records: readonly StoredRecord[],
  salt: Bytes,
): Promise<LogEntry | null> {
  for (const { id, state: bytes } of records) {
    const state = decodeState(bytes);
    const set = headsOf(state, seat, seq);
    const [first] = set.values();
    if (first === undefined) continue;
    const before = (await store.entriesOf(id)).filter((one) => one.seat === seat && one.seq < seq);
    const skeleton: Skeleton = {
      seat,
      seq,
      prev: Math.max(0, ...before.map((one) => one.seq)),
      record: state.record,
      kind: state.kind,
      at: first.at,
      fields: new Map([...set.keys()].map((field) => [field, []])),
    };
    const values: Value[] = [...set.values()].map(openValue);
    const change = writeChange(skeleton, values, salt);
    const { tag } = first.dot;
    const padded = concat(tag, new Uint8Array(HEAD_BYTES - tag.length));
    return { seat, seq, record: id, at: first.at.ms, head: head ?? padded, change };
  }
  return null;
}

function headsOf({ registers }: State, seat: number, seq: number): Map<string, Head> {
  const set = new Map<string, Head>();
  for (const [field, { heads }] of registers) {
    const head = heads.find(({ dot }) => dot.seat === seat && dot.seq === seq);
    if (head !== undefined) set.set(field, head);
  }
  return set;
}
