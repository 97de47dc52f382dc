/**
 * Versions of the app: numbers with points between, compared number by number.
 *
 * The office withholds pages, leases and new enrolments from an app that is too old; it never
 * withholds taking what was written, nor receipts.
 */

const NUMBERS = /^\d{1,9}(?:\.\d{1,9})*/;

/** Whether a version stands below the least one; what is no version is below them all. */
export function isTooOld(version: string, minimum: string): boolean {
  const [own, least] = [numbersOf(version), numbersOf(minimum)];
  for (let place = 0; place < Math.max(own.length, least.length); place++) {
    const difference = (own[place] ?? 0) - (least[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbersOf(version: string): number[] {
  return (NUMBERS.exec(version)?.[0] ?? '').split('.').map(Number);
}
