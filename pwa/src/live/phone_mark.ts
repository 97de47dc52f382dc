/**
 * What a phone keeps beside its store, to know that it had one (FAULT-9).
 *
 * Browsers drop a damaged database and leave the rest of a site's data; then this is what is left. It
 * names the phone, its office, and how many things were not sent: no citizen and no person.
 */
const KEY = 'luudong.phone';

export interface PhoneMark {
  readonly officeName: string;
  readonly device: number;
  readonly label: string;
  /** The office's time at the last exchange, ms; 0 before the first. */
  readonly exchangedAt: number;
  /** Not sent when this was written, beside drafts that were never sealed. */
  readonly changes: number;
  readonly photos: number;
  readonly drafts: number;
}

/** Null where there is none, or where it is not ours. */
export function readMark(): PhoneMark | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return isMark(kept) ? kept : null;
  } catch {
    return null;
  }
}

export function keepMark(mark: PhoneMark): void {
  const text = JSON.stringify(mark);
  try {
    if (localStorage.getItem(KEY) !== text) localStorage.setItem(KEY, text);
  } catch {
    // Blocked or full storage: the office still knows where the log ends.
  }
}

function isMark(kept: unknown): kept is PhoneMark {
  if (typeof kept !== 'object' || kept === null) return false;
  const said = kept as Readonly<Record<string, unknown>>;
  const isCount = (name: string): boolean => Number.isSafeInteger(said[name]);
  return typeof said['officeName'] === 'string' && typeof said['label'] === 'string'
    && ['device', 'exchangedAt', 'changes', 'photos', 'drafts'].every(isCount);
}
