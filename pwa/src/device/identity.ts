/** Names that this phone gives: ids that no other phone will give, in the order of time. */
import { hex } from '../sync/bytes';
import type { Clock, Random } from './world';

/** A UUIDv7 as hex text. */
export function newId(clock: Clock, random: Random): string {
  const id = random.bytes(16);
  const view = new DataView(id.buffer);
  const ms = clock.now();
  view.setUint32(0, Math.floor(ms / 0x10000));
  view.setUint16(4, ms % 0x10000);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  return hex(id);
}
