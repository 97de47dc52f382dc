/** A date in words, as the civil-status books want it beside the figures. */

const DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'] as const;

/** `2026-11-15` becomes “Ngày mười lăm, tháng mười một, năm hai nghìn không trăm hai mươi sáu”. */
export function dateInWords(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const known = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/u.exec(value);
  if (known === null) return null;
  const [, year, month, day] = known;
  const parts: string[] = [];
  if (day !== undefined) parts.push(`ngày ${dayInWords(Number(day))}`);
  if (month !== undefined) parts.push(`tháng ${monthInWords(Number(month))}`);
  parts.push(`năm ${numberInWords(Number(year))}`);
  const sentence = parts.join(', ');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** The first ten days of a month are “mùng”. */
function dayInWords(day: number): string {
  return day <= 10 ? `mùng ${numberInWords(day)}` : numberInWords(day);
}

/** The fourth month is “tháng tư”, not “tháng bốn”. */
function monthInWords(month: number): string {
  return month === 4 ? 'tư' : numberInWords(month);
}

/** Whole numbers from 0 to 9999, the way they are read in the north. */
export function numberInWords(number: number): string {
  if (number >= 1000) {
    const rest = number % 1000;
    const thousands = `${digit(Math.floor(number / 1000))} nghìn`;
    return rest === 0 ? thousands : `${thousands} ${hundredsInWords(rest)}`;
  }
  return number >= 100 ? hundredsInWords(number) : tensInWords(number);
}

/** After thousands the hundreds are said even when there are none: “không trăm”. */
function hundredsInWords(number: number): string {
  const hundreds = `${digit(Math.floor(number / 100))} trăm`;
  const rest = number % 100;
  if (rest === 0) return hundreds;
  return rest < 10 ? `${hundreds} linh ${rest === 4 ? 'tư' : digit(rest)}` : `${hundreds} ${tensInWords(rest)}`;
}

function tensInWords(number: number): string {
  if (number < 10) return digit(number);
  const tens = Math.floor(number / 10);
  const ones = number % 10;
  const first = tens === 1 ? 'mười' : `${digit(tens)} mươi`;
  if (ones === 0) return first;
  if (ones === 5) return `${first} lăm`;
  if (ones === 1 && tens > 1) return `${first} mốt`;
  if (ones === 4 && tens > 1) return `${first} tư`;
  return `${first} ${digit(ones)}`;
}

function digit(value: number): string {
  return DIGITS[value] ?? '';
}
