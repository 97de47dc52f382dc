/**
 * How dates, times, numbers and money are written in Vietnam, in both languages of the app.
 *
 * Times are the office's: Vietnam keeps UTC+7 all year, and a phone's own zone may be set wrongly.
 */
import { dayOfDays } from './civil_days';
import { boxesOf } from './dates';

const VIETNAM_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;

/** 8525 becomes 8.525. */
export function writeNumber(value: number | string): string {
  const [whole = '', fraction] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/gu, '.');
  return fraction === undefined ? grouped : `${grouped},${fraction}`;
}

/** 1,4 for 1.400.000 bytes; never less than a tenth, so that something left is not nothing. */
export function writeMegabytes(bytes: number): string {
  return writeNumber(Math.max(1, Math.ceil(bytes / 100_000)) / 10);
}

export function writeMoney(vnd: number): string {
  return `${writeNumber(vnd)} ₫`;
}

/** 05/11/2026, 11/2026 or 2026: as much as is known. */
export function writeDate(value: string): string {
  const boxes = boxesOf(value);
  return [boxes.day, boxes.month, boxes.year].filter((box) => box !== '').join('/');
}

/** 14:20, in Vietnam. */
export function writeTime(ms: number): string {
  const minutes = Math.floor((((ms + VIETNAM_MS) % DAY_MS) + DAY_MS) % DAY_MS / 60_000);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The day in Vietnam as `YYYY-MM-DD`. */
export function dayOf(ms: number): string {
  return dayOfDays(Math.floor((ms + VIETNAM_MS) / DAY_MS));
}

/** 14:20 for today, 14:20 ngày 05/11/2026 otherwise: the caller joins the two. */
export function writeMoment(ms: number, nowMs: number): string {
  return dayOf(ms) === dayOf(nowMs) ? writeTime(ms) : `${writeTime(ms)}, ${writeDate(dayOf(ms))}`;
}

/** 0 is Sunday. */
export function weekdayOf(ms: number): number {
  return (Math.floor((ms + VIETNAM_MS) / DAY_MS) + 4) % 7;
}

/** Identity numbers in groups of three. */
export function writePersonalId(value: string): string {
  return /^\d{9}$|^\d{12}$/u.test(value) ? value.replace(/(\d{3})(?=\d)/gu, '$1 ') : value;
}

/** Only the last three figures, for lists. */
export function maskPersonalId(value: string): string {
  return value.length > 3 ? `••• ${value.slice(-3)}` : value;
}

/** 0912 345 678 and 024 3825 1234. */
export function writePhone(value: string): string {
  if (/^0\d{9}$/u.test(value)) return `${value.slice(0, 4)} ${value.slice(4, 7)} ${value.slice(7)}`;
  if (/^0\d{10}$/u.test(value)) return `${value.slice(0, 3)} ${value.slice(3, 7)} ${value.slice(7)}`;
  return value;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
