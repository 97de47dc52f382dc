/**
 * What the QR code of an identity card says. Twin of `server/procedures/id_card.py`; both are held
 * to `tests/vectors/id_card.json`.
 *
 * 1. Read by shape, not by place: cards since 7/2024 carry more fields, in an order that nobody has
 *    published, and some readers leave the old number out.
 * 2. Nothing in it is signed: it saves typing and proves nothing. The text itself is not kept.
 * 3. A code that is no card is named for what it is, so that a person knows what to ask for.
 */
import { fold } from './folding';

export type Gender = 'male' | 'female';

export interface IdCard {
  readonly kind: 'card';
  readonly number: string;
  readonly name: string;
  /** As ISO: a day, a month or a year alone. */
  readonly born: string | null;
  readonly gender: Gender | null;
  readonly address: string | null;
}

/**
 * `old-id-number`: nine figures, a card that is void since 2025; `covid-code`, `old-health-card`:
 * from before; `dynamic-code`: VNeID's and like ones, which only their own readers understand;
 * `machine-lines`: the lines on a card's back; `payment`: a bank's.
 */
export type OtherCode =
  | 'old-id-number' | 'covid-code' | 'old-health-card' | 'dynamic-code' | 'web-address'
  | 'machine-lines' | 'payment' | 'unknown-code';

export type CardReading = IdCard | { readonly kind: OtherCode };

/** No QR code holds more. */
const TEXT_MAX = 4_296;
const GENDERS: Readonly<Record<string, Gender>> = {
  nam: 'male', male: 'male', nu: 'female', female: 'female',
};

export function readCard(text: string): CardReading {
  if (text.length > TEXT_MAX) return { kind: 'unknown-code' };
  const clean = text.normalize('NFC').replace(/\uFEFF/gu, '').trim();
  if (!clean.includes('|')) return { kind: nameOf(clean) };
  const parts = clean.split('|').map((part) => part.replace(/\s+/gu, ' ').trim());
  return cardOf(parts) ?? { kind: nameOfParts(parts) };
}

function cardOf(parts: readonly string[]): IdCard | null {
  const number = parts.find((part) => /^\d{12}$/u.test(part));
  const dates = parts.map(dateOf);
  const genderAt = placeOfGender(parts, dates);
  const known = dates.filter((date) => date !== null).sort();
  const texts = parts.filter((part, place) => place !== genderAt && /\p{L}/u.test(part));
  const name = texts.find((part) => !/[\d,]/u.test(part));
  if (number === undefined || name === undefined || (genderAt < 0 && known.length < 2)) return null;
  return {
    kind: 'card',
    number,
    name,
    born: bornOf(dates, known, genderAt),
    gender: GENDERS[fold(parts[genderAt] ?? '')] ?? null,
    address: addressOf(parts, texts, name, genderAt),
  };
}

/** “Nam” is a name too: the word for the sex stands behind the date of birth. */
function placeOfGender(parts: readonly string[], dates: readonly (string | null)[]): number {
  const isGender = (part: string): boolean => Object.hasOwn(GENDERS, fold(part));
  const firstDate = dates.findIndex((date) => date !== null);
  const behind = parts.findIndex((part, place) => place > firstDate && isGender(part));
  return behind >= 0 ? behind : parts.findLastIndex(isGender);
}

/** Of two days the earlier one; a single one behind the sex is the day of issue. */
function bornOf(
  dates: readonly (string | null)[], known: readonly string[], genderAt: number,
): string | null {
  const first = known[0] ?? null;
  const isIssue = known.length === 1 && genderAt >= 0 && dates.indexOf(first) > genderAt;
  return isIssue ? null : first;
}

/** Names of parents may stand beside it, which have neither comma nor figure. */
function addressOf(
  parts: readonly string[], texts: readonly string[], name: string, genderAt: number,
): string | null {
  const others = texts.filter((part) => part !== name);
  const behind = others.find((part) => genderAt >= 0 && parts.indexOf(part) > genderAt);
  return others.find((part) => /[\d,]/u.test(part)) ?? behind ?? null;
}

/** `ddMMyyyy`, also with strokes; `00` where day or month is not known; or a year alone. */
function dateOf(part: string): string | null {
  if (/^(?:18|19|20|21)\d\d$/u.test(part)) return part;
  const found = /^(\d\d)[/.-]?(\d\d)[/.-]?((?:18|19|20|21)\d\d)$/u.exec(part);
  if (found === null) return null;
  const [, day = '', month = '', year = ''] = found;
  if (month === '00') return year;
  if (Number(month) > 12) return null;
  if (day === '00') return `${year}-${month}`;
  return Number(day) <= daysIn(Number(year), Number(month)) ? `${year}-${month}-${day}` : null;
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function nameOf(text: string): OtherCode {
  if (/^\d{9}$/u.test(text)) return 'old-id-number';
  if (/^I[A-Z<]VNM[A-Z0-9<]{85}$/u.test(text.replace(/\s/gu, ''))) return 'machine-lines';
  if (/vneid/iu.test(text)) return 'dynamic-code';
  if (/^(?:https?:\/\/|www\.)/iu.test(text)) return 'web-address';
  if (text.startsWith('000201')) return 'payment';
  return /^[A-Za-z0-9+/=_.-]{60,}$/u.test(text) ? 'dynamic-code' : 'unknown-code';
}

function nameOfParts(parts: readonly string[]): OtherCode {
  const [first = '', second = '', third = '', fourth = ''] = parts;
  if (/^(?:[0-9a-f]{2}){4,}$/iu.test(second) && !/^\d{9,12}$/u.test(second)) return 'old-health-card';
  if (dateOf(third) !== null && /^\d{1,2}$/u.test(fourth)) return 'covid-code';
  return /^\d{9}$/u.test(first) ? 'old-id-number' : 'unknown-code';
}

/** What the figures of a personal number say; rules of identity, part C. Never proof: people err. */
export interface NumberFacts {
  readonly gender: Gender;
  readonly year: number;
}

/** The fourth figure says century and sex, the next two the year of birth. */
export function factsOfNumber(number: string): NumberFacts | null {
  if (!/^\d{12}$/u.test(number)) return null;
  const mark = Number(number.charAt(3));
  return {
    gender: mark % 2 === 0 ? 'male' : 'female',
    year: 1900 + Math.floor(mark / 2) * 100 + Number(number.slice(4, 6)),
  };
}
