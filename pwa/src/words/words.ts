/** The app's words by key, in both languages. The two catalogues have the same keys: a test holds them to it. */
import en from './app.en.json';
import vi from './app.vi.json';

export type Language = 'vi' | 'en';
export type Word = keyof typeof vi;
export type Facts = Readonly<Record<string, string | number>>;

const CATALOGUES: Readonly<Record<Language, Readonly<Record<Word, string>>>> = { vi, en };

/** The words for a key, with `{fact}` filled in. */
export function say(language: Language, word: Word, facts: Facts = {}): string {
  return CATALOGUES[language][word].replace(/\{(\w+)\}/gu, (whole, name: string) => {
    const fact = facts[name];
    return fact === undefined ? whole : String(fact);
  });
}

/** Whether there are words for a key that was put together. */
export function isWord(key: string): key is Word {
  return Object.hasOwn(vi, key);
}
