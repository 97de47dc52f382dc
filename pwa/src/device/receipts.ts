/**
 * What the office says that it holds of this phone's logs, weighed against the logs themselves.
 *
 * A receipt that does not count moves nothing: the log is kept whole, and a person is told.
 */
import type { SeatTrouble, Store, StoredSeat } from '../store/port';
import { type Batch, lastOf } from '../sync/batch';
import * as chain from '../sync/chain';
import type { ExchangeResponse } from '../sync/exchange';
import { type Receipt, keyName, verifyReceipt } from '../sync/receipt';
import { type Weight, weigh } from '../sync/reconcile';
import { Refusal } from '../sync/refusals';
import { verify } from './keys';
import type { Pace, Request } from './request';
import { followRetold } from './retelling';

export interface Weighed {
  /** How many changes are newly covered. */
  readonly received: number;
  /** Whether all pages are to come anew, so that none of this answer's may be taken. */
  readonly isAnew: boolean;
}

/** Keeps the receipts that count. */
export async function takeReceipts(
  store: Store,
  request: Request,
  response: ExchangeResponse,
  pace: Pace,
): Promise<Weighed> {
  const before = new Map((await store.receipts()).map(({ seat, held }) => [seat, held]));
  const counting: Receipt[] = [];
  let isAnew = false;
  for (const seat of request.seats) {
    const receipt = response.receipts.find((one) => one.seat === seat.seat);
    const batch = request.batches.find((one) => one.seat === seat.seat) ?? null;
    const code = response.refusals.find((one) => one.seat === seat.seat)?.code ?? null;
    const isShown = request.showsAll || seat.certificate === undefined;
    const isRetold = request.retold.has(seat.seat);
    let trouble = isRetold ? null : troubleOf(batch, code, pace, isShown);
    if (receipt !== undefined && (await isGenuine(request, response, receipt))) {
      const weight = await weighOwn(store, seat, receipt);
      if (weight === 'counts') counting.push(receipt);
      else if (!isRetold) trouble ??= parting(seat.seat, weight, batch, pace);
      const held = weight === 'counts' ? receipt.held : null;
      if (isRetold) {
        isAnew = (await followRetold(store, request, { seat, batch, code, held }, pace)) || isAnew;
      }
    }
    if (trouble !== null) await store.changeSeat(seat.seat, { trouble });
  }
  if (counting.length > 0) await store.saveReceipts(counting);
  const gained = counting.map(({ seat, held }) => Math.max(held - (before.get(seat) ?? 0), 0));
  return { received: gained.reduce((sum, count) => sum + count, 0), isAnew };
}

async function weighOwn(store: Store, seat: StoredSeat, receipt: Receipt): Promise<Weight> {
  const { held } = receipt;
  return weigh(
    receipt,
    held === 0 ? chain.start(seat.publicKey) : await store.headAt(seat.seat, held),
  );
}

/** What a refusal means for a seat's log. A gap heals: the receipt says where to go on. */
function troubleOf(
  batch: Batch | null,
  code: string | null,
  pace: Pace,
  isShown: boolean,
): SeatTrouble | null {
  if (batch === null) return null;
  // The office may have lost the seat: it is shown its certificate first.
  if (code === 'unknown-seat' && !isShown) return null;
  if (code === 'fork') return 'log-forked';
  if (code === 'broken-chain' && batch.first > 1) pace.again.set(batch.seat, 0);
  else if (code === null && pace.again.has(batch.seat)) pace.again.set(batch.seat, lastOf(batch));
  else if (code !== null && code !== 'gap') return 'log-refused';
  return null;
}

/** Another log stands under this seat. The office gets ours from the start, then a person looks. */
function parting(
  seat: number,
  weight: 'forked' | 'beyond',
  batch: Batch | null,
  pace: Pace,
): SeatTrouble | null {
  if (weight === 'beyond') return 'log-old';
  if (pace.again.has(seat)) return batch === null ? 'log-forked' : null;
  pace.again.set(seat, 0);
  return null;
}

async function isGenuine(
  { device }: Request,
  response: ExchangeResponse,
  receipt: Receipt,
): Promise<boolean> {
  const isOurs =
    receipt.office === device.office &&
    receipt.epoch === response.epoch &&
    receipt.key === keyName(device.officeKey);
  if (!isOurs) return false;
  try {
    await verifyReceipt(verify, receipt, device.officeKey);
    return true;
  } catch (refusal) {
    if (refusal instanceof Refusal) return false;
    throw refusal;
  }
}
