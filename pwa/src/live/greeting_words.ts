/** The words around the greeting card: fetched with the screens that have it, not at each start. */
import en from '../words/greeting.en.json';
import vi from '../words/greeting.vi.json';
import { display } from './display.svelte';

export function greetingWord(word: keyof typeof vi): string {
  return (display.language === 'en' ? en : vi)[word];
}
