/** This phone as its screens see it, once it has joined an office. */
import type { LockTimes, StoredDevice } from '../../store/port';
import { isTooOld } from '../../sync/app_version';
import { findingsOf } from '../findings';
import { LEAVE_DAYS } from '../leaving';
import { knownMoment } from '../phone_date';
import { LOG_DAYS } from '../pruning';
import { shiftOf } from '../shift';
import type { EnrolledDevice } from '../shown';
import type { World } from '../world';

/** Usual times until a vault locks by itself. */
const LOCK_TIMES: LockTimes = { untouchedMs: 120_000, hiddenMs: 30_000 };

export function enrolledOf(
  device: StoredDevice,
  { appVersion, released }: Pick<World, 'appVersion' | 'released'>,
): EnrolledDevice {
  const { office, officeName, label, words, status, seat } = device;
  const { workOffline, lastExchangeAt, skewMs } = device;
  const known = knownMoment(released, lastExchangeAt);
  const sending = { workOffline, lastExchangeAt, skewMs, known, logDays: device.logDays ?? LOG_DAYS };
  const order = device.order?.action ?? null;
  const limits = { order, isTooOld: isTooOld(appVersion, device.minVersion ?? '0') };
  const locks = device.locks ?? LOCK_TIMES;
  const leaveDays = device.leaveDays ?? LEAVE_DAYS;
  const own = { office, officeName, device: device.device, label, words, locks, leaveDays };
  const shift = shiftOf(device, seat);
  return { ...own, status, seat, ...sending, ...limits, findings: findingsOf(device), shift };
}
