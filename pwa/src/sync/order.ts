/**
 * An order of the office to one device that it has revoked.
 *
 * 1. It is signed, and names its office and its device: another's order says nothing to this one.
 * 2. It is numbered: only one above the newest that was heeded is heeded, so neither an old nor a
 *    repeated one does anything.
 * 3. `stop` has the number 0 and asks for nothing but handing in.
 */
import type { Bytes } from './bytes';
import { BadSignature, Malformed } from './refusals';
import { type Verify, requireSignature } from './signature';
import { Reader } from './unpack';

/** `hand-in`: hand in everything, then wipe. `now`: wipe at once, whatever is lost. */
export type Wiping = 'hand-in' | 'now';

export interface Order {
  readonly office: string;
  readonly device: number;
  readonly number: number;
  readonly action: string;
  readonly time: number;
}

/** Reads the bytes of an order; throws Malformed if they are none. */
export function readOrder(message: Bytes): Order {
  const reader = new Reader(message, 'an order');
  if (reader.list() < 5) throw reader.fault();
  const [office, device, number] = [reader.text(), reader.integer(1), reader.integer()];
  const action = reader.text();
  return { office, device, number, action, time: reader.integer() };
}

/** Whether an order speaks to this device; any such one says that it is revoked. */
export function isFor(order: Order, office: string, device: number): boolean {
  return order.office === office && order.device === device;
}

/**
 * What to do beyond handing in; null for a number that was heeded, or an unknown deed.
 *
 * `newest` is the number of the newest order that was heeded, 0 for none.
 */
export function findAction(order: Order, newest: number): Wiping | null {
  if (order.number <= newest) return null;
  return order.action === 'hand-in' || order.action === 'now' ? order.action : null;
}

/** Reads an order that the office signed; null where it did not, or where it is none. */
export async function openOrder(
  verify: Verify,
  { message, signature }: { readonly message: Bytes; readonly signature: Bytes },
  officeKey: Bytes,
): Promise<Order | null> {
  try {
    await requireSignature(verify, officeKey, 'order', message, signature);
    return readOrder(message);
  } catch (refusal) {
    if (refusal instanceof BadSignature || refusal instanceof Malformed) return null;
    throw refusal;
  }
}
