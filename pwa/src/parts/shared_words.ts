/** The words about shared papers: fetched with what shows them, no part of the first load. */
import { display } from '../live/display.svelte';
import en from '../words/shared.en.json';
import vi from '../words/shared.vi.json';

export type SharedWord = keyof typeof vi;

/** From how many days on somebody is asked what is to become of them; nothing is ever dropped by itself. */
export const SHARED_DAYS = 7;
const DAY_MS = 86_400_000;

/** Whole days; a clock that was put back makes none. */
export function daysWaiting(since: number, now: number): number {
  return Math.max(0, Math.floor((now - since) / DAY_MS));
}

export function sharedWords(word: SharedWord, n?: number): string {
  return (display.language === 'en' ? en : vi)[word].replace('{n}', String(n));
}
