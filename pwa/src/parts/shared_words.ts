/** The words about shared papers: fetched with what shows them, no part of the first load. */
import { display } from '../live/display.svelte';
import en from '../words/shared.en.json';
import vi from '../words/shared.vi.json';

export type SharedWord = keyof typeof vi;

export function sharedWords(word: SharedWord, n?: number): string {
  return (display.language === 'en' ? en : vi)[word].replace('{n}', String(n));
}
