/** The app's words by key, in both languages. The two catalogues have the same keys: a test holds them to it. */
import vi from './app.vi.json';

export type Language = 'vi' | 'en';
export type Word = keyof typeof vi;
export type Facts = Readonly<Record<string, string | number>>;

/** Vietnamese comes with the app; English costs a sixth of the first load, and few read it. */
const catalogues: { vi: Readonly<Record<Word, string>>; en?: Readonly<Record<Word, string>> } = { vi };

/** Makes the words of a language ready to be said; rejects where they cannot be had. */
export async function bringWords(language: Language): Promise<void> {
  if (language === 'en') catalogues.en ??= (await import('./app.en.json')).default;
}

/** The words for a key, with `{fact}` filled in; in Vietnamese until others were brought. */
export function say(language: Language, word: Word, facts: Facts = {}): string {
  return (catalogues[language] ?? vi)[word].replace(/\{(\w+)\}/gu, (whole, name: string) => {
    const fact = facts[name];
    return fact === undefined ? whole : String(fact);
  });
}

/** Whether there are words for a key that was put together. */
export function isWord(key: string): key is Word {
  return Object.hasOwn(vi, key);
}
