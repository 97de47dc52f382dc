/** What stands on top of a screen: the citizen's view of F9, and the sealed file of F11. */
import { expect } from 'vitest';
import { EMPTY, FILLED } from './intake';
import { LONG, many, type Facts } from './phones';
import { onlooker, opening, showing, storeFull, w, workingOffline, type Row } from './stands';
import type { Shown } from './showing';

const CHECK = '#/draft/t1/check';
const SHOW = w('app.attest.show');
const MAKE = w('app.rescue.make');
const READY: Partial<Facts> = { drafts: [FILLED] };

function statement(shown: Shown): string {
  return shown.main.querySelector('[data-citizen-view]')?.textContent ?? '';
}

const bundle = (n: number) => ({ digest: `${n}`, bytes: 9000, addedAt: 0, heldAt: null, code: 'bad-bundle' });

export const sheets: Readonly<Record<'citizen-view' | 'rescue-file', Row>> = {
  'citizen-view': {
    empty: showing(CHECK, { drafts: [EMPTY] }, async (shown) => {
      await shown.press(SHOW);
      for (let left = 20; left > 0 && statement(shown).includes(w('app.attest.right')); left -= 1) await shown.press(w('app.attest.right'));
      expect(statement(shown)).toContain(w('app.attest.all-shown'));
      shown.offers(w('app.attest.leave'));
    }),
    busy: opening(CHECK, READY),
    offline: workingOffline(CHECK, READY, SHOW),
    error: showing(CHECK, { ...READY, deeds: { saveDraft: () => Promise.resolve(storeFull) } }, async (shown) => {
      await shown.press(SHOW);
      shown.offers(w('app.attest.right'), w('app.attest.mend'), w('app.attest.leave'));
    }),
    much: showing(CHECK, { drafts: [{ ...FILLED, answers: { ...FILLED.answers, 'answers.subject_full_name': LONG } }] }, async (shown) => {
      await shown.press(SHOW);
      const seen: string[] = [];
      for (let left = 60; left > 0 && statement(shown).includes(w('app.attest.right')); left -= 1) {
        if (statement(shown).includes(LONG) && !seen.some((words) => words.includes(LONG))) await onlooker.look();
        seen.push(statement(shown));
        await shown.press(w('app.attest.right'));
      }
      expect(seen.some((words) => words.includes(LONG))).toBe(true);
      expect(statement(shown)).toContain(w('app.attest.all-shown'));
    }),
  },
  'rescue-file': {
    empty: showing('#/outbox', { deeds: { exportFile: () => Promise.resolve({ kind: 'nothing' } as never) } }, (shown) => { shown.reads(w('app.rescue.text')).offers(MAKE); }),
    busy: showing('#/outbox', {}, async (shown) => {
      await shown.press(MAKE);
      shown.refuses(MAKE);
    }),
    offline: workingOffline('#/outbox', {}, MAKE),
    error: showing('#/outbox', { deeds: { exportFile: () => Promise.resolve(storeFull) } }, async (shown) => {
      await shown.press(MAKE);
      shown.reads(w('app.trouble.store-full')).offers(MAKE);
    }),
    much: showing('#/outbox', { deeds: { carried: () => Promise.resolve(many(bundle) as never) } }, async (shown) => {
      expect(shown.count('.carried li')).toBe(20);
      await shown.press(w('app.more', { n: 20 }));
      expect(shown.count('.carried li')).toBe(40);
    }),
  },
};
