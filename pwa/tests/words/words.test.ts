import { describe, expect, it } from 'vitest';
import appEn from '../../src/words/app.en.json';
import appVi from '../../src/words/app.vi.json';
import greetingEn from '../../src/words/greeting.en.json';
import greetingVi from '../../src/words/greeting.vi.json';
import begunAnewEn from '../../src/words/begun_anew.en.json';
import begunAnewVi from '../../src/words/begun_anew.vi.json';
import damageEn from '../../src/words/damage.en.json';
import damageVi from '../../src/words/damage.vi.json';
import handingEn from '../../src/words/handing.en.json';
import handingVi from '../../src/words/handing.vi.json';
import noWayEn from '../../src/words/no_way.en.json';
import noWayVi from '../../src/words/no_way.vi.json';
import noticesEn from '../../src/words/notices.en.json';
import noticesVi from '../../src/words/notices.vi.json';
import printingEn from '../../src/words/printing.en.json';
import printingVi from '../../src/words/printing.vi.json';
import pushEn from '../../src/words/push.en.json';
import pushVi from '../../src/words/push.vi.json';
import renewEn from '../../src/words/renew.en.json';
import renewVi from '../../src/words/renew.vi.json';
import shutEn from '../../src/words/shut.en.json';
import shutVi from '../../src/words/shut.vi.json';
import sharedEn from '../../src/words/shared.en.json';
import sharedVi from '../../src/words/shared.vi.json';
import { bringWords, say } from '../../src/words/words';

const facts = (sentence: string): string[] => [...sentence.matchAll(/\{(\w+)\}/gu)].map((match) => match[1] ?? '').sort();

describe.each([
  ['the app', appVi, appEn],
  ['its notices', noticesVi, noticesEn],
  ['their switch', pushVi, pushEn],
  ['logs that go on', renewVi, renewEn],
  ['a shut store', shutVi, shutEn],
  ['an office out of reach', noWayVi, noWayEn],
  ['a lost store', begunAnewVi, begunAnewEn],
  ['damaged rows', damageVi, damageEn],
  ['shared papers', sharedVi, sharedEn],
  ['drafts that are handed over', handingVi, handingEn],
  ['the greeting card', greetingVi, greetingEn],
  ['small printers', printingVi, printingEn],
])('the words of %s', (_, vi, en) => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort());
  });

  it.each(Object.entries(vi))('%s names the same facts in both', (key, sentence) => {
    expect(facts(Reflect.get(en, key) as string)).toEqual(facts(sentence));
  });

  it('are composed, and none is empty', () => {
    for (const sentence of [...Object.values(vi), ...Object.values(en)]) {
      expect(sentence).toBe(sentence.normalize('NFC'));
      expect(sentence.trim()).not.toBe('');
    }
  });
});

describe('the words of the app', () => {
  it('fill in facts, in English once that was brought', async () => {
    expect(say('vi', 'app.draft.left', { n: 3 })).toBe('Còn 3 việc');
    expect(say('en', 'app.draft.left', { n: 3 })).toBe('Còn 3 việc');
    await bringWords('en');
    expect(say('en', 'app.draft.left', { n: 3 })).toBe('3 to do');
  });
});
