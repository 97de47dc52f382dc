/** The words around small printers: fetched with the screens that print, not at each start. */
import en from '../words/printing.en.json';
import vi from '../words/printing.vi.json';
import { display } from './display.svelte';

export function printingWord(word: keyof typeof vi, facts: Readonly<Record<string, string | number>> = {}): string {
  return (display.language === 'en' ? en : vi)[word].replace(/\{(\w+)\}/gu, (whole, name: string) => String(facts[name] ?? whole));
}
