/** What a table of screens says: for each of the five states what stands there, or why it cannot be. */
import { expect } from 'vitest';
import { t } from '../../src/live/display.svelte';
import type { Facts as WordFacts, Word } from '../../src/words/words';
import type { Facts } from './phones';
import { Shown } from './showing';

export const STANDS = ['empty', 'busy', 'offline', 'error', 'much'] as const;
export type Stand = (typeof STANDS)[number];
/** A test, or the reason why nobody can come upon the screen in this state. */
export type Cell = (() => Promise<void>) | string;
export type Row = Readonly<Record<Stand, Cell>>;

/** Whoever looks at a screen once it stands as a test left it: nobody here, a browser's eyes on the stage. */
export const onlooker: { look: () => Promise<void> } = { look: () => Promise.resolve() };

/** The words as a person reads them, in the language of the moment. */
export function w(word: Word, facts: WordFacts = {}): string {
  return t(word, facts).replace(/\s+/gu, ' ');
}

export function showing(hash: string, facts: Partial<Facts>, deed: (shown: Shown) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const shown = await Shown.at(hash, facts);
    try {
      await deed(shown);
      expect(shown.count('h1'), 'one h1').toBeLessThanOrEqual(1);
      expect(shown.words).not.toMatch(/undefined|null|NaN|\[object/u);
      await onlooker.look();
    } finally {
      await shown.end();
    }
  };
}

/** Nothing of the screen waits for a network: the chip says how it is, in grey, and the deed can be done. */
export function workingOffline(hash: string, facts: Partial<Facts>, ...deeds: readonly string[]): () => Promise<void> {
  return showing(hash, { ...facts, connection: { state: 'offline', ...facts.connection } }, (shown) => {
    shown.reads(w('app.connection.offline')).offers(...deeds);
    expect(shown.count('[role="alert"], [data-banner="red"]')).toBe(0);
  });
}

/** The screen is fetched, and the phone read, before anything is shown: until then it says so. */
export function opening(hash: string, facts: Partial<Facts> = {}): () => Promise<void> {
  const never = { held: () => new Promise<never>(() => undefined) };
  return showing(hash, { ...facts, deeds: { ...facts.deeds, ...never } }, (shown) => { shown.reads(w('app.loading')); });
}

/** Whoever comes to what is not there any more is led on. */
export function missing(hash: string, facts: Partial<Facts> = {}): () => Promise<void> {
  return showing(hash, facts, (shown) => { shown.reads(w('app.not-found.text')).offers(w('app.not-found.home')); });
}

/** A deed that the phone could not write: what happened, what is safe, and the deed again. */
export const storeFull = { kind: 'store-full' } as const;
