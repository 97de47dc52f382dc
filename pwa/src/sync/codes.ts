/**
 * Dossier codes as they are made without a network (`docs/protocol.md`, part 6.7).
 *
 * 1. An ordinal of a lease is given once for each printed date, whatever the clock does: how far
 *    each date has got is kept with the change that carries the code.
 * 2. A provisional code comes from device, day and counter, so no two devices make the same. Its
 *    check letter shows any one wrong letter and any two neighbours that changed places.
 * 3. A code is no key, and nobody derives anything from it: that it stands twice is a finding.
 */
import { CODE_CHARACTERS_MAX } from './limits';

// Fields of a dossier: the code in force, the one of a phone without a lease, and all others by
// which somebody knows it (`codes.<code>`).
export const OFFICIAL = 'dossier_code';
export const PROVISIONAL = 'provisional_code';
export const OTHERS = 'codes.';

// What is said and written by hand: without 0 and O, 1, I and L. That there are 31, a prime number,
// is what lets one letter show every single mistake.
export const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
/** With which every provisional code begins: mã tạm. */
export const MARK = 'T';

const BASE = ALPHABET.length;
const DAY_LETTERS = 3;
const COUNTER_LETTERS = 2;
const DEVICE_LETTERS_MIN = 2;
const GROUP_LETTERS = 3;
export const PROVISIONAL_PER_DAY = BASE ** COUNTER_LETTERS - 1;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const OFFICIAL_FORM = /^[A-Z0-9.]{1,40}-\d{6}-[A-Z]{0,2}\d{4,8}$/;
const PLAIN_CODE = /^[-.A-Z0-9]*[A-Z0-9]$/;
const NOT_CODE = /[^A-Z0-9]+/g;
const ALIKE: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

export type CodeKind = 'official' | 'provisional';

/** A lease where it is used, with the last ordinal that was given for each printed date. */
export interface HeldLease {
  readonly lease: number;
  readonly first: number;
  readonly last: number;
  readonly fromDay: string;
  readonly toDay: string;
  readonly agency: string;
  readonly used: Readonly<Record<string, number>>;
}

export interface NextOrdinal {
  readonly lease: HeldLease;
  readonly ordinal: number;
}

/** The code in the agency's form; `day` is the date that is printed, YYYY-MM-DD. */
export function officialCode(agency: string, day: string, ordinal: number): string {
  const date = `${day.slice(2, 4)}${day.slice(5, 7)}${day.slice(8, 10)}`;
  return `${agency}-${date}-${String(ordinal).padStart(4, '0')}`;
}

/** The lease and the ordinal that come next for a date; null where nothing is left. */
export function nextOrdinal(leases: readonly HeldLease[], day: string): NextOrdinal | null {
  for (const lease of [...leases].sort((one, other) => one.lease - other.lease)) {
    const ordinal = nextOf(lease, day);
    if (standsOn(lease, day) && ordinal <= lease.last) return { lease, ordinal };
  }
  return null;
}

/** How many official codes can still be given on a date. */
export function codesLeft(leases: readonly HeldLease[], day: string): number {
  return leases
    .filter((lease) => standsOn(lease, day))
    .reduce((sum, lease) => sum + Math.max(0, lease.last - nextOf(lease, day) + 1), 0);
}

/** The last date, this or a later one, for which a lease stands; empty for none. */
export function lastDay(leases: readonly HeldLease[], day: string): string {
  const days = leases.map(({ toDay }) => toDay).filter((toDay) => toDay >= day);
  return days.sort().at(-1) ?? '';
}

/** The code of the how-manieth dossier of a device on a day (`dayNumber`). */
export function provisionalCode(device: number, day: number, counter: number): string {
  const said =
    letters(device, DEVICE_LETTERS_MIN) +
    letters(day % BASE ** DAY_LETTERS, DAY_LETTERS) +
    letters(counter, COUNTER_LETTERS);
  const check = (BASE - (weight(`${said}${ALPHABET.charAt(0)}`) % BASE)) % BASE;
  const whole = `${MARK}${said}${ALPHABET.charAt(check)}`;
  const groups: string[] = [];
  for (let at = 0; at < whole.length; at += GROUP_LETTERS) {
    groups.push(whole.slice(at, at + GROUP_LETTERS));
  }
  return groups.join('-');
}

/**
 * The day and the counter that come next; `counters` has the last one used, by day. A day that is
 * full goes on in the next: the day in such a code says nothing to people.
 */
export function nextCounter(
  counters: ReadonlyMap<number, number>,
  day: number,
): { readonly day: number; readonly counter: number } {
  let on = day;
  while ((counters.get(on) ?? 0) >= PROVISIONAL_PER_DAY) on++;
  return { day: on, counter: (counters.get(on) ?? 0) + 1 };
}

/** The days from 1 January 1970 to a date of the civil calendar, YYYY-MM-DD. */
export function dayNumber(day: string): number {
  const found = DAY.exec(day);
  if (found === null) return 0;
  let [year, month] = [Number(found[1]), Number(found[2])];
  // Years that begin in March: the day that comes and goes is their last.
  [year, month] = month > 2 ? [year, month - 3] : [year - 1, month + 9];
  const days =
    365 * year + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  return Math.max(0, days + Math.floor((153 * month + 2) / 5) + Number(found[3]) - 1 - 719_468);
}

/** What kind of code this is, however it was typed; null for no code, or a mistyped one. */
export function codeKind(text: string): CodeKind | null {
  const plain = typed(text).replace(NOT_CODE, '');
  if (looksProvisional(plain)) return weight(plain.slice(1)) % BASE === 0 ? 'provisional' : null;
  return OFFICIAL_FORM.test(typed(text)) ? 'official' : null;
}

/** Whether this is a provisional code with a wrong letter, or two that changed places. */
export function isMistyped(text: string): boolean {
  const plain = typed(text).replace(NOT_CODE, '');
  return looksProvisional(plain) && weight(plain.slice(1)) % BASE !== 0;
}

/** A code as it is searched: no separators, no small letters, nothing that looks alike. */
export function foldCode(text: string): string {
  const plain = typed(text).replace(NOT_CODE, '');
  return plain.replace(/[OIL]/g, (letter) => ALIKE[letter] ?? letter);
}

/** The parts in which a code is shown and read out; a line may break between them. */
export function codeGroups(code: string): string[] {
  return code.split('-');
}

/** Every code in the fields of a dossier, the one in force first, the provisional next. */
export function codesOf(values: ReadonlyMap<string, unknown>): string[] {
  const others = [...values.keys()]
    .filter((name) => name.startsWith(OTHERS) && (values.get(name) ?? null) !== null)
    .sort()
    .map((name) => name.slice(OTHERS.length));
  const said = [values.get(OFFICIAL), values.get(PROVISIONAL), ...others];
  return [...new Set(said.filter(isCodeText))];
}

/** Whether a value can be found as a code: text, not too long, with something to find. */
export function isCodeText(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > CODE_CHARACTERS_MAX) return false;
  // Nearly all are plain, and folding thousands of them is what a list would wait for.
  return PLAIN_CODE.test(value) || foldCode(value) !== '';
}

function standsOn({ fromDay, toDay }: HeldLease, day: string): boolean {
  return fromDay <= day && day <= toDay;
}

function nextOf(lease: HeldLease, day: string): number {
  return Math.max((lease.used[day] ?? 0) + 1, lease.first);
}

function typed(text: string): string {
  return text.normalize('NFKC').toUpperCase().replace(/\s+/g, '');
}

function looksProvisional(plain: string): boolean {
  const said = Array.from(plain.slice(MARK.length));
  const least = DEVICE_LETTERS_MIN + DAY_LETTERS + COUNTER_LETTERS + 1;
  return (
    plain.startsWith(MARK) &&
    said.length >= least &&
    said.every((letter) => ALPHABET.includes(letter))
  );
}

function letters(number: number, least: number): string {
  let [left, said] = [number, ''];
  while (left > 0 || said.length < least) {
    said = ALPHABET.charAt(left % BASE) + said;
    left = Math.floor(left / BASE);
  }
  return said;
}

/** Weighs letters from the right, 1, 2, 3 …: neighbours differ by one, so a swap always shows. */
function weight(said: string): number {
  return Array.from(said)
    .reverse()
    .reduce((sum, letter, place) => sum + (place + 1) * ALPHABET.indexOf(letter), 0);
}
