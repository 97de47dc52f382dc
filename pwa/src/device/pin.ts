/** Which PINs are good enough: digits that a finder of the tablet would not try first. */

export const PIN_DIGITS_MIN = 6;
export const PIN_DIGITS_MAX = 12;

/** Why a PIN is not taken. */
export type PinFault = 'too-short' | 'too-long' | 'not-digits' | 'all-same' | 'in-a-row' | 'repeats' | 'mirrored';

export function faultOfPin(pin: string): PinFault | null {
  if (!/^\d*$/u.test(pin)) return 'not-digits';
  if (pin.length < PIN_DIGITS_MIN) return 'too-short';
  if (pin.length > PIN_DIGITS_MAX) return 'too-long';
  const steps = stepsIn(pin);
  if (steps.size === 1 && steps.has(0)) return 'all-same';
  // 9 is followed by 0 on the keys, and before it in counting down.
  if (steps.size === 1 && (steps.has(1) || steps.has(9))) return 'in-a-row';
  if (isRepeated(pin)) return 'repeats';
  const half = pin.length / 2;
  const isMirrored = digitsOf(pin).reverse().join('') === pin && isRow(pin.slice(0, Math.ceil(half)));
  return isMirrored ? 'mirrored' : null;
}

function digitsOf(pin: string): string[] {
  return Array.from(pin, (digit) => digit);
}

/** How far it is from each digit to the next, upwards and around from 9 to 0. */
function stepsIn(pin: string): Set<number> {
  const digits = digitsOf(pin).map(Number);
  return new Set(digits.slice(1).map((digit, place) => (digit - (digits[place] ?? 0) + 10) % 10));
}

/** 121212, 123123, 112233: a short piece over and over, or each digit the same number of times. */
function isRepeated(pin: string): boolean {
  for (const size of [1, 2, 3]) {
    if (pin.length % size === 0 && pin === pin.slice(0, size).repeat(pin.length / size)) return true;
  }
  const runs = pin.match(/(\d)\1*/gu) ?? [];
  const isEven = new Set(runs.map((run) => run.length)).size === 1;
  return isEven && runs.length < pin.length && isRow(runs.map((run) => run[0] ?? '').join(''));
}

function isRow(digits: string): boolean {
  const steps = stepsIn(digits);
  return steps.size === 1 && (steps.has(1) || steps.has(9) || steps.has(0));
}
