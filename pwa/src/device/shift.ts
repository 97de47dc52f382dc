/** Who of this phone's people receives others, and at which stop. */
import type { Shift, StoredDevice } from '../store/port';
import { decodeState, shown } from '../sync/record';
import type { WriteTrouble } from './outcomes';
import type { World } from './world';
import { keeping } from './trouble';

export function shiftOf(device: StoredDevice | null, seat: number | null): Shift | null {
  return device?.shifts?.find((shift) => shift.seat === seat) ?? null;
}

/** Begins the shift of the person at work, or ends it (null): durable when it answers null. */
export async function changeShift(
  { store, clock }: World,
  stop: string | null,
): Promise<WriteTrouble | null> {
  const outcome = await keeping(async (): Promise<WriteTrouble | { readonly kind: 'done' }> => {
    const stored = stop === null ? null : await store.record(stop);
    if (stop !== null && stored === null) return { kind: 'unknown-record' };
    const named = stored === null ? null : shown(decodeState(stored.state), 'trip');
    const trip = typeof named === 'string' ? named : null;
    const startedAt = clock.now();
    const changed = await store.changeDevice((device) => {
      const others = (device.shifts ?? []).filter(({ seat }) => seat !== device.seat);
      if (stop === null || device.seat === null) return { ...device, shifts: others };
      return { ...device, shifts: [...others, { seat: device.seat, stop, trip, startedAt }] };
    });
    return (changed?.seat ?? null) === null ? { kind: 'not-signed-in' } : { kind: 'done' };
  });
  return outcome.kind === 'done' ? null : outcome;
}
