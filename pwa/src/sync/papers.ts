/**
 * What the office signs for this phone to keep, and to show again should the office have lost it.
 *
 * The phone reads of it only what it needs for keeping the newest; the layouts stand in
 * `sync/papers.py`. Nothing here is believed before its signature holds.
 */
import type { Bytes } from './bytes';
import { Reader } from './unpack';

/** Whether an enrolment says that the desk let this phone in: six places instead of four. */
export function isConfirmed(enrolment: Bytes): boolean {
  return new Reader(enrolment, 'an enrolment').list() > 4;
}

/** The seat of a certificate: `[office, device, seat, …]`. */
export function seatOf(certificate: Bytes): number {
  const reader = new Reader(certificate, 'a certificate');
  reader.list(6);
  reader.raw();
  reader.raw();
  return reader.integer(1);
}

/** The number of a signed list: `[office, number, entries, time]`. */
export function numberOf(list: Bytes): number {
  const reader = new Reader(list, 'a signed list');
  reader.list(4);
  reader.raw();
  return reader.integer(1);
}
