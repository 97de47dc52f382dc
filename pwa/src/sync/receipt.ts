/**
 * The office's signed word that it holds a log up to a change.
 *
 * `held`: stored durably. `safe`: covered by a verified backup; only below it may a phone drop its
 * own copy. A receipt counts only where the phone's own log has the same head at `held`.
 */
import { type Bytes, hex } from './bytes';
import { sha256 } from './chain';
import { HASH_BYTES, SIGNATURE_BYTES } from './limits';
import { pack } from './pack';
import type { Shape } from './shape';
import { type Verify, requireSignature } from './signature';

const KEY_NAME_BYTES = 8;

/** `key` names the office key that signed, `epoch` the life of the office's database. */
export interface Receipt {
  readonly office: string;
  readonly key: string;
  readonly epoch: number;
  readonly seat: number;
  readonly held: number;
  readonly safe: number;
  readonly head: Bytes;
  readonly time: number;
  readonly signature: Bytes;
}

export function readReceipt(shape: Shape): Receipt {
  return {
    office: shape.text('office'),
    key: shape.text('key'),
    epoch: shape.integer('epoch'),
    seat: shape.integer('seat', 1),
    held: shape.integer('held'),
    safe: shape.integer('safe'),
    head: shape.bytes('head', HASH_BYTES),
    time: shape.integer('time'),
    signature: shape.bytes('signature', SIGNATURE_BYTES),
  };
}

/** Names an office key, so that receipts under a retired one can still be told apart. */
export function keyName(publicKey: Bytes): string {
  return hex(sha256(publicKey).slice(0, KEY_NAME_BYTES));
}

/** What the office signs of a receipt. */
export function signedPart(receipt: Omit<Receipt, 'signature'>): Bytes {
  const { office, key, epoch, seat, held, safe, head, time } = receipt;
  return pack([office, key, epoch, seat, held, safe, head, time]);
}

/** Passes if the office signed this receipt, else throws BadSignature. */
export async function verifyReceipt(
  verify: Verify,
  receipt: Receipt,
  officeKey: Bytes,
): Promise<void> {
  const part = signedPart(receipt);
  await requireSignature(verify, officeKey, 'receipt', part, receipt.signature);
}
