/**
 * A batch: consecutive changes of one seat, with the head of its chain, signed.
 *
 * 1. One signature check a batch: the chain carries it back to every change.
 * 2. A batch is all or nothing.
 */
import { type Bytes, sameBytes } from './bytes';
import type { LinkedChange } from './change';
import { pack } from './pack';
import { BrokenChain } from './refusals';
import { type Sign, type Verify, requireSignature, sign } from './signature';

/**
 * What a batch's signature covers, in which order. It changes on its own, not with the messages:
 * batches are carried by others, and old ones come late.
 */
export const BATCH_PROTOCOL = 1;

/** Changes `first`, `first + 1`, … of a seat; `head` is the chain's head after the last. */
export interface Batch {
  readonly protocol: number;
  readonly seat: number;
  readonly first: number;
  readonly changes: readonly Bytes[];
  readonly head: Bytes;
  readonly signature: Bytes;
}

export type UnsignedBatch = Omit<Batch, 'signature'>;

export function lastOf(batch: UnsignedBatch): number {
  return batch.first + batch.changes.length - 1;
}

/** What a seat signs of a batch. */
export function signedPart(batch: UnsignedBatch, office: string): Bytes {
  return pack([batch.protocol, office, batch.seat, lastOf(batch), batch.head]);
}

export async function signBatch(key: Sign, office: string, batch: UnsignedBatch): Promise<Batch> {
  return { ...batch, signature: await sign(key, 'batch', signedPart(batch, office)) };
}

/** Passes if the seat signed this head for this office, else throws BadSignature. */
export async function verifyBatch(
  verify: Verify,
  batch: Batch,
  office: string,
  publicKey: Bytes,
): Promise<void> {
  const part = signedPart(batch, office);
  await requireSignature(verify, publicKey, 'batch', part, batch.signature);
}

/** Passes if the changes end in the head that was signed, else throws BrokenChain. */
export function requireHead(batch: Batch, linked: readonly LinkedChange[]): void {
  const head = linked.at(-1)?.head;
  if (head === undefined || !sameBytes(head, batch.head)) {
    throw new BrokenChain(batch.seat, lastOf(batch));
  }
}
