/** F10, F11 and what was sealed. */
import { expect } from 'vitest';
import type { DossierNote } from '../../src/device/shown';
import { printingWord } from '../../src/live/printing_words';
import type { Value } from '../../src/sync/pack';
import { display } from '../../src/live/display.svelte';
import damageEn from '../../src/words/damage.en.json';
import damageVi from '../../src/words/damage.vi.json';
import { begunAnewWords } from '../../src/parts/begun_anew_words';
import { filled, procedureOf } from '../procedures/filling';
import { LONG, MANY, NOW, ROWS_MAX, SHORTEST, dossier, finding, many, type Facts } from './phones';
import { missing, onlooker, opening, showing, storeFull, w, workingOffline, type Row } from './stands';

const NAME = 'answers.applicant_full_name';
const WHOLE = dossier(1, { answers: filled(procedureOf(SHORTEST), {}) });
const ONE: Partial<Facts> = { dossiers: [WHOLE] };
const AT = `#/dossier/${WHOLE.record}`;
const REVISE = `${AT}/section/applicant`;
const full = () => Promise.resolve(storeFull);
const WAITING: Partial<Facts> = { ...ONE, outbox: { changes: 1, records: [WHOLE.record], oldestAt: NOW } };

/** The browser lists printers, and its list is left without a choice. */
function besidePrinters(cell: () => Promise<void>): () => Promise<void> {
  return async () => {
    const requestDevice = (): Promise<never> => Promise.reject(new DOMException('', 'NotFoundError'));
    Object.defineProperty(navigator, 'bluetooth', { value: { requestDevice }, configurable: true });
    await cell();
    Reflect.deleteProperty(navigator, 'bluetooth');
  };
}

function note(n: number): DossierNote {
  const head = { value: null as Value, seat: 3, by: LONG, onThisPhone: true, at: NOW + n, received: NOW };
  return { kind: 'revision', reason: `${LONG} ${n}`, fields: [NAME], head };
}

/** FAULT-31: a network, and no way to the office; then because this phone's date cannot be true. */
async function noWay(): Promise<void> {
  await showing('#/outbox', { ...WAITING, connection: { state: 'unreachable' } }, async (shown) => {
    shown.reads(w('app.connection.unreachable'), w('app.connection.unreachable.help'));
    shown.main.querySelector('summary')?.click();
    await shown.settle();
    const told = [...shown.main.querySelectorAll('[data-no-way-code] dd')].map((each) => each.textContent);
    expect(told).toEqual(['KN-1', location.host, '09:00, 22/11/2026', '09:00, 22/11/2026', '2']);
  })();
  const date = (known: number) => showing('#/outbox', { ...WAITING, connection: { state: 'wrong-date' }, device: { known } }, (shown) => {
    shown.reads(w('app.connection.wrong-date'), w('app.connection.wrong-date.help'), '09:00, 22/11/2026');
    expect(shown.main.querySelector('[data-no-way-code] dd')?.textContent).toBe(known > NOW ? 'KN-2' : 'KN-3');
    expect(shown.main.querySelector('[data-wrong-date]')?.textContent).toContain(known > NOW ? '22/11/2029' : '22/11/2024');
  });
  await date(Date.parse('2029-11-22T09:00:00+07:00'))();
  await date(Date.parse('2024-11-22T09:00:00+07:00'))();
}

/** FAULT-9: a phone of the same name began from nothing; told until the office has closed it. */
async function begunAnew(): Promise<void> {
  const told = finding(1, { kind: 'begun-anew', seat: 3, seq: 4, reason: 'announced' });
  await showing('#/', { ...ONE, device: { findings: [told] } }, async (shown) => {
    shown.reads(begunAnewWords('title'), begunAnewWords('short', { n: 1 }));
    await shown.go(shown.control(begunAnewWords('look')).getAttribute('href') ?? '');
    shown.reads(begunAnewWords('safe', { n: 1, time: '09:00' }), begunAnewWords('announced'), begunAnewWords('do'));
  })();
  await showing('#/outbox', { dossiers: [], device: { findings: [{ ...told, reason: 'all-held' }] } }, (shown) => {
    shown.reads(begunAnewWords('safe.none'), begunAnewWords('all-held'));
  })();
  await showing('#/outbox', { ...ONE, device: { findings: [{ ...told, closed: NOW, outcome: 'seen' }, { ...told, reader: 9 }] } }, (shown) => {
    expect(shown.count('[data-begun-anew]')).toBe(0);
  })();
}

/** FAULT-19: what nobody gives again is taken away by two taps, and by no fewer. */
async function removed(): Promise<void> {
  const damage = { records: [{ id: 'a', isOwn: false }, { id: 'b', isOwn: false }], drafts: [], photos: [], entries: [] };
  const full = () => Promise.resolve(storeFull);
  const deeds = { removableDamage: () => Promise.resolve(['a']), removeDamage: full };
  const words = display.language === 'en' ? damageEn : damageVi;
  const say = (word: keyof typeof damageVi): string => words[word].replace('{n}', '1');
  await showing('#/outbox', { ...ONE, damage, deeds }, async (shown) => {
    shown.reads(say('vain'));
    expect(shown.words).not.toContain(say('remove.yes'));
    await shown.press(say('remove'));
    shown.reads(say('remove.sure')).offers(say('remove.yes'));
    await onlooker.look();
    await shown.press(say('remove.no'));
    expect(shown.words).not.toContain(say('remove.yes'));
    await shown.press(say('remove'));
    await shown.press(say('remove.yes'));
    shown.reads(w('app.trouble.store-full'));
  })();
  // Without an answer of the office nobody knows what it gives; and Today is for other things.
  for (const [hash, state] of [['#/outbox', 'offline'], ['#/', 'online']] as const) {
    await showing(hash, { ...ONE, damage, deeds, connection: { state } }, (shown) => {
      expect(shown.count('[data-damaged]')).toBe(1);
      expect(shown.count('[data-in-vain]')).toBe(0);
    })();
  }
}

const damaged = showing('#/outbox', {
  ...WAITING, damage: { records: [{ id: 'a', isOwn: false }, { id: 'b', isOwn: false }], drafts: [], photos: [], entries: [] }, deeds: {
    exchangeNow: () => Promise.resolve({ kind: 'server-error' }), dossierTruth: () => Promise.resolve({ place: 'attention', why: 'log-old' }),
  },
}, async (shown) => {
  shown.reads(w('app.attention.log-old.help')).offers(w('app.renew.button'));
  // FAULT-19: said with a number, and what comes of it.
  expect(shown.main.querySelector('[data-damaged="records"]')?.textContent).toContain('2');
  await shown.press(w('app.outbox.send'));
  shown.reads(w('app.trouble.server-error')).offers(w('app.outbox.send'));
});

export const dossiers: Readonly<Record<'dossiers' | 'dossier' | 'receipt' | 'revise' | 'outbox', Row>> = {
  'dossiers': {
    empty: showing('#/dossiers', {}, (shown) => { shown.reads(w('app.dossiers.empty'), w('app.dossiers.empty.text')).offers(w('app.today.new')); }),
    busy: opening('#/dossiers'),
    offline: workingOffline('#/dossiers', WAITING, 'Nguyễn Thị Lan'),
    error: showing('#/dossiers', { ...WAITING, deeds: { dossierTruth: () => Promise.resolve({ place: 'attention', why: 'photo-unknown' }) } }, (shown) => {
      shown.reads(w('app.place.attention', { why: w('app.attention.photo-unknown') }));
    }),
    much: showing('#/dossiers', {
      dossiers: many((n) => dossier(n, { answers: { [NAME]: `${LONG} ${n}` } })),
      left: many((n) => ({ record: `${n}`, code: `H36.${n}`, sealedAt: '2026-11-01T08:00:00+07:00', leftAt: NOW })),
    }, async (shown) => {
      expect(shown.count('[data-record]')).toBe(ROWS_MAX);
      expect(shown.count('[data-left] li')).toBe(ROWS_MAX);
      shown.reads(w('app.dossiers.count', { n: MANY }), `${LONG} 229`);
      await shown.press(w('app.more', { n: ROWS_MAX }));
      expect(shown.count('[data-record]')).toBe(2 * ROWS_MAX);
      await onlooker.look();
      await shown.fill('search', 'huong 229');
      expect(shown.count('[data-record]')).toBe(1);
      await shown.fill('search', 'khong co ai');
      shown.reads(w('app.dossiers.none', { words: 'khong co ai' }));
    }),
  },
  'dossier': {
    empty: missing('#/dossier/nobody'),
    busy: showing(AT, { ...ONE, deeds: { dossierTruth: () => Promise.resolve({ place: 'sending', photos: { held: 3, of: 5 } }) } }, (shown) => {
      expect(shown.count('[data-place="sending"]')).toBe(1);
    }),
    offline: workingOffline(AT, WAITING, w('app.receipt.open'), w('app.keep.title'), w('app.dossier.new-for-person')),
    error: showing(AT, {
      ...ONE, device: { findings: [finding(1, { record: WHOLE.record })] },
      deeds: { dossierTruth: () => Promise.resolve({ place: 'attention', why: 'log-forked' }) },
    }, (shown) => {
      shown.reads(w('app.attention.log-forked.help'), w('app.finding.open'));
      // Red is for data at risk: this is for a person, and safe.
      expect(shown.count('[data-banner="red"]')).toBe(0);
    }),
    much: async () => {
      const names = [...WHOLE.fields.keys()].filter((name) => name.startsWith('answers.'));
      const rivals = Object.fromEntries(names.map((name) => [name, LONG]));
      const torn = dossier(1, { answers: filled(procedureOf(SHORTEST), { [NAME]: LONG }), conflicts: names, rivals, notes: many(note) });
      const findings = many((n) => finding(n, { record: torn.record }));
      await showing(AT, { dossiers: [torn], device: { findings } }, async (shown) => {
        expect(shown.count('[data-note]')).toBe(20);
        expect(shown.count('[data-finding]')).toBe(20);
        expect(shown.count('[data-conflict]')).toBe(names.length);
        shown.reads(w('app.dossier.conflicts', { n: names.length }), LONG).offers(w('app.receipt.open'));
        await shown.press(w('app.more', { n: 20 }));
        expect(shown.count('[data-finding]')).toBe(40);
      })();
    },
  },
  'receipt': {
    empty: missing('#/dossier/nobody/receipt'),
    busy: opening(`${AT}/receipt`, ONE),
    offline: workingOffline(`${AT}/receipt`, WAITING, w('app.receipt.print'), w('app.receipt.share')),
    error: besidePrinters(showing(`${AT}/receipt`, { ...ONE, deeds: { noteOn: full } }, async (shown) => {
      window.print = () => { window.dispatchEvent(new Event('afterprint')); };
      await shown.press(w('app.receipt.print'));
      shown.reads(w('app.receipt.not-noted')).offers(w('app.receipt.print'));
      await shown.press(printingWord('open'));
      await shown.press(printingWord('choose.bluetooth'));
      shown.reads(printingWord('none')).offers(printingWord('choose.anything'));
    })),
    much: showing(`${AT}/receipt`, {
      dossiers: [dossier(1, {
        answers: filled(procedureOf(SHORTEST), { [NAME]: LONG }),
        fields: Object.fromEntries(many((n) => [`receipts.${n}`, { kind: 'issued', way: 'print' }] as const)),
      })],
    }, (shown) => { shown.reads(LONG, w('app.receipt.copies', { n: MANY })).offers(w('app.receipt.print')); }),
  },
  'revise': {
    empty: async () => {
      await missing(`${AT}/section/nothing`, ONE)();
      await showing(REVISE, ONE, async (shown) => {
        await shown.press(w('app.revise.send'));
        shown.reads(w('app.problem.nothing-changed'), w('app.problem.reason'));
      })();
    },
    busy: showing(REVISE, ONE, async (shown) => {
      await shown.fill(NAME, 'Đào Thị Vân');
      await shown.fill('reason', 'Báo lại');
      await shown.press(w('app.revise.send'));
      shown.refuses(w('app.revise.sending'));
    }),
    offline: workingOffline(REVISE, WAITING, w('app.revise.send')),
    error: showing(REVISE, { ...ONE, deeds: { revise: full } }, async (shown) => {
      await shown.fill(NAME, 'Đào Thị Vân');
      await shown.fill('reason', 'Báo lại');
      await shown.press(w('app.revise.send'));
      shown.reads(w('app.trouble.store-full')).offers(w('app.revise.send'));
      expect(shown.main.querySelector<HTMLInputElement>(`[name="${NAME}"]`)?.value).toBe('Đào Thị Vân');
    }),
    much: showing(REVISE, { dossiers: [dossier(1, { answers: filled(procedureOf(SHORTEST), { [NAME]: LONG }) })] }, (shown) => {
      expect(shown.main.querySelector<HTMLInputElement>(`[name="${NAME}"]`)?.value).toBe(LONG);
      shown.offers(w('app.revise.send'));
    }),
  },
  'outbox': {
    empty: showing('#/outbox', {}, (shown) => { shown.reads(w('app.outbox.empty')).offers(w('app.outbox.send')); }),
    busy: showing('#/outbox', WAITING, async (shown) => {
      await shown.press(w('app.outbox.send'));
      shown.refuses(w('app.outbox.sending'));
    }),
    offline: async () => {
      await workingOffline('#/outbox', WAITING, w('app.outbox.send'), w('app.rescue.make'))();
      await showing('#/outbox', { ...WAITING, connection: { state: 'offline' } }, (shown) => { shown.reads(w('app.connection.offline.help')); })();
    },
    error: async () => {
      await noWay();
      await begunAnew();
      await damaged();
      await removed();
    },
    much: showing('#/outbox', {
      dossiers: many((n) => dossier(n, { answers: { [NAME]: `${LONG} ${n}` } })), device: { findings: many((n) => finding(n)) },
      outbox: { changes: MANY, records: many((n) => dossier(n).record), oldestAt: NOW - 1000, photos: MANY, photoBytes: 9_000_000 },
    }, async (shown) => {
      expect(shown.count('[data-record]')).toBe(ROWS_MAX);
      expect(shown.count('[data-finding]')).toBe(20);
      shown.reads(w('app.outbox.waiting', { n: MANY })).offers(w('app.outbox.send'));
      await shown.press(w('app.more', { n: ROWS_MAX }));
      expect(shown.count('[data-record]')).toBe(2 * ROWS_MAX);
    }),
  },
};
