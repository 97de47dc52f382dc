/** The words about drafts that go to a colleague: fetched with what shows them, no part of the first load. */
import { display } from '../live/display.svelte';
import en from '../words/handing.en.json';
import vi from '../words/handing.vi.json';

export type HandingWord = keyof typeof vi;

export function handingWords(word: HandingWord, facts: Readonly<Record<string, string | number>> = {}): string {
  return (display.language === 'en' ? en : vi)[word].replace(/\{(\w+)\}/gu, (whole, name: string) => String(facts[name] ?? whole));
}
