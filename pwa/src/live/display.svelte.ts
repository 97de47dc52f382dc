/** How the person wants to see the app: language, size of text, sun mode, one question a page. Kept per phone, not per dossier. */
import { bringWords, say, type Facts, type Language, type Word } from '../words/words';
import type { Label } from '../procedures/catalogue';

export type TextSize = 'normal' | 'large' | 'largest';
export const TEXT_SIZES: readonly TextSize[] = ['normal', 'large', 'largest'];

const KEY = 'luudong.display';

class Display {
  language = $state<Language>('vi');
  textSize = $state<TextSize>('normal');
  sun = $state(false);
  /** A form asks one question a page, not a whole section. */
  oneByOne = $state(false);

  #wanted: Language = 'vi';

  /** Reads what was kept; a phone whose storage is closed to us keeps the first choice. */
  async load(): Promise<void> {
    const kept = readKept();
    if (kept['language'] === 'en') await this.#speak('en');
    this.textSize = TEXT_SIZES.find((size) => size === kept['textSize']) ?? 'normal';
    this.sun = kept['sun'] === true;
    this.oneByOne = kept['oneByOne'] === true;
    this.#show();
  }

  async setLanguage(language: Language): Promise<void> {
    await this.#speak(language);
    this.#keep();
  }

  setTextSize(size: TextSize): void {
    this.textSize = size;
    this.#keep();
  }

  setSun(sun: boolean): void {
    this.sun = sun;
    this.#keep();
  }

  setOneByOne(oneByOne: boolean): void {
    this.oneByOne = oneByOne;
    this.#keep();
  }

  /** Turns to a language once its words are here; without them the old one stays. */
  async #speak(language: Language): Promise<void> {
    this.#wanted = language;
    try {
      await bringWords(language);
    } catch {
      return;
    }
    if (this.#wanted === language) this.language = language;
  }

  #keep(): void {
    this.#show();
    void tellWorker(this.language);
    try {
      localStorage.setItem(KEY, JSON.stringify({
        language: this.language, textSize: this.textSize, sun: this.sun, oneByOne: this.oneByOne,
      }));
    } catch {
      // Blocked storage: the choice holds until the app is closed.
    }
  }

  #show(): void {
    const root = document.documentElement;
    root.lang = this.language;
    root.dataset['textSize'] = this.textSize;
    // Sun mode is black on white, whatever scheme the phone asks for.
    if (this.sun) {
      root.dataset['sun'] = '';
      root.dataset['scheme'] = 'light';
    } else {
      delete root.dataset['sun'];
      delete root.dataset['scheme'];
    }
  }
}

/** The worker reads no storage of pages, and words its notices in the same language (`sw.ts`). */
async function tellWorker(language: Language): Promise<void> {
  try {
    await (await caches.open('luudong-language')).put('/app/language', new Response(language));
  } catch {
    // Blocked or full storage: it goes on in Vietnamese.
  }
}

function readKept(): Readonly<Record<string, unknown>> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? { ...kept } : {};
  } catch {
    return {};
  }
}

export const display = new Display();

/** The words for a key in the language of the moment. */
export function t(word: Word, facts: Facts = {}): string {
  return say(display.language, word, facts);
}

/** A label of the catalogue in the language of the moment. */
export function labelOf(label: Label): string {
  return display.language === 'en' ? label.en ?? label.vi : label.vi;
}

/** `vi` where a label stays Vietnamese on an English page, for `lang`; otherwise nothing. */
export function langOf(label: Label): 'vi' | undefined {
  return display.language === 'en' && label.en === null ? 'vi' : undefined;
}

/** For text that the catalogue has in Vietnamese only. */
export function vietnamese(): 'vi' | undefined {
  return display.language === 'en' ? 'vi' : undefined;
}
