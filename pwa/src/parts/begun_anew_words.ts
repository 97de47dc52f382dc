/** The words about a phone that lost its store: fetched with what shows them, no part of the first load. */
import { display } from '../live/display.svelte';
import en from '../words/begun_anew.en.json';
import vi from '../words/begun_anew.vi.json';
import type { Facts } from '../words/words';

export type BegunAnewWord = keyof typeof vi;

export function begunAnewWords(word: BegunAnewWord, facts: Facts = {}): string {
  return (display.language === 'en' ? en : vi)[word].replace(/\{(\w+)\}/gu, (whole, name: string) => String(facts[name] ?? whole));
}
