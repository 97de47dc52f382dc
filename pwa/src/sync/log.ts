/**
 * Taking a batch into a seat's log: in order, with no gap, never rewriting.
 *
 *     held …………………┐
 *     batch          ├─ begins after it       gap    nothing is taken
 *                    ├─ ends within it        held   if the heads agree: acknowledge again
 *                    ├─ goes on from it       new    what is new is taken
 *                    └─ a common head differs fork   both branches are kept
 */
import { type Batch, lastOf, requireHead, verifyBatch } from './batch';
import { type Bytes, sameBytes } from './bytes';
import { type LinkedChange, linkChanges } from './change';
import { Fork, Gap } from './refusals';
import type { Verify } from './signature';

/** A log as its receiver holds it; `headAt(0)` is the start of its chain. */
export interface HeldLog {
  readonly publicKey: Bytes;
  readonly last: number;
  headAt(seq: number): Bytes;
}

/**
 * The changes of a batch that are new to a log; none if all are held already.
 *
 * Throws BadSignature, BrokenChain, Malformed, Gap or Fork; then nothing may be stored as the log.
 */
export async function takeBatch(
  verify: Verify,
  batch: Batch,
  office: string,
  held: HeldLog,
): Promise<LinkedChange[]> {
  await verifyBatch(verify, batch, office, held.publicKey);
  if (batch.first > held.last + 1) throw new Gap(batch.seat, batch.first, held.last);
  const before = held.headAt(batch.first - 1);
  const linked = linkChanges(batch.seat, batch.first, batch.changes, before);
  requireHead(batch, linked);
  const overlap = Math.max(Math.min(held.last, lastOf(batch)) - batch.first + 1, 0);
  for (const change of linked.slice(0, overlap)) {
    if (!sameBytes(held.headAt(change.seq), change.head)) throw new Fork(batch.seat, change.seq);
  }
  return linked.slice(overlap);
}
