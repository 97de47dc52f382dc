/** F1, F3 and what a stop has beside its dossiers. */
import { expect } from 'vitest';
import { greetingWord } from '../../src/live/greeting_words';
import type { Work } from '../../src/shift/work';
import type { WorkKind } from '../../src/sync/kinds';
import type { Said } from '../../src/shift/work';
import { work } from '../shift/making';
import { AREA, LONG, MANY, NOW, ON_SHIFT, ROWS_MAX, STOP, dossier, draft, many, type Facts } from './phones';
import { missing, onlooker, opening, showing, storeFull, w, workingOffline, type Row } from './stands';

const DAY = '2026-11-22';

function stop(place = 'Nhà văn hoá thôn Đồi Dùng', record = STOP): Work {
  return { ...work('stop', { place, area: AREA, day: DAY, opens: '07:00', closes: '17:00' }), record };
}

const at = (...more: readonly Work[]): Partial<Facts> => ({ ...ON_SHIFT, work: [stop(), ...more] });
const full = { keepWork: () => Promise.resolve(storeFull) };
const of = (kind: WorkKind, said: Said) => (n: number): Work => work(kind, { stop: STOP, area: AREA, ...said, ...numbered(kind, n) });

function numbered(kind: WorkKind, n: number): Said {
  switch (kind) {
    case 'queue_ticket': return { number: `B${n}` };
    case 'custody': return { paper: `${LONG} ${n}` };
    case 'result_delivery': return { title: `${LONG} ${n}`, person: `${LONG} ${n}` };
    default: return {};
  }
}

const ticket = of('queue_ticket', { day: DAY, status: 'waiting', issued_at: '2026-11-22T08:00:00+07:00' });
const skipped = of('queue_ticket', { day: DAY, status: 'skipped', issued_at: '2026-11-22T08:00:00+07:00' });
const original = of('custody', { dossier: dossier(1).record, count: 1, status: 'held', taken_at: '2026-11-22T08:00:00+07:00' });
const result = of('result_delivery', { copies: 1, pages: 1, got: 1, status: 'taken', dossier: dossier(1).record });
const HANDED = result(1);
const HAND = `#/result/${HANDED.record}`;
const CARD = `${HAND}/card`;
const born = (said: Said): Work => ({ ...work('result_delivery', { ...HANDED.said, newborn: 'Bạch Minh Châu', born_on: '2026-11-05', ...said }), record: HANDED.record });
const KEEP = `#/dossier/${dossier(1).record}/original`;
const DOSSIER = { dossiers: [dossier(1)] };
const NO_LIST = 'a form without a list; its fields have bounds';

/** In a browser that gives no pictures. */
async function withoutPens(deed: () => Promise<void>): Promise<void> {
  const pens = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'getContext');
  HTMLCanvasElement.prototype.getContext = () => null;
  try {
    await deed();
  } finally {
    if (pens !== undefined) Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', pens);
  }
}

export const shift: Readonly<Record<'shift' | 'queue' | 'originals' | 'keep-original' | 'results' | 'hand-back' | 'greeting' | 'survey' | 'petition' | 'handover', Row>> = {
  'shift': {
    empty: showing('#/shift', {}, (shown) => { shown.reads(w('app.shift.stop.empty')).offers(w('app.shift.stop.other')).refuses(w('app.shift.begin')); }),
    busy: showing('#/shift', at(), async (shown) => {
      await shown.press(w('app.shift.exchange.now'));
      shown.refuses(w('app.shift.exchange.now')).refuses(w('app.shift.begin-at', { place: '' }).trim());
    }),
    offline: workingOffline('#/shift', at(), w('app.shift.begin-at', { place: '' }).trim()),
    error: async () => {
      // FAULT-31: its date cannot be true, and that is to be mended before anybody leaves.
      await showing('#/shift', { ...at(), device: { ...ON_SHIFT.device, known: NOW + 400 * 86_400_000 } }, (shown) => {
        shown.reads(w('app.shift.clock.behind', { shows: '09:00, 22/11/2026', known: '27/12/2027' }));
        expect(shown.count('[data-check="clock"][data-answer="todo"]')).toBe(1);
      })();
      await showing('#/shift', { ...at(), deeds: { work: () => Promise.resolve(storeFull) } }, async (shown) => {
        await shown.press(w('app.shift.begin-at', { place: '' }).trim());
        shown.reads(w('app.trouble.store-full')).offers(w('app.shift.begin-at', { place: '' }).trim());
      })();
    },
    much: showing('#/shift', { ...ON_SHIFT, work: [...many((n) => stop(`${LONG} ${n}`, `${n}`.padStart(32, '0'))), stop('Đình làng', STOP)] }, async (shown) => {
      expect(shown.count('[data-stop]')).toBeLessThanOrEqual(ROWS_MAX);
      // The one that is chosen stands there, however far behind it comes.
      expect(shown.count(`[data-stop="${STOP}"] input:checked`)).toBe(1);
      await shown.press(w('app.more', { n: 20 }));
      expect(shown.count('[data-stop]')).toBeGreaterThan(ROWS_MAX - 1);
    }),
  },
  'queue': {
    empty: showing('#/queue', at(), (shown) => { shown.reads(w('app.queue.empty')).offers(w('app.queue.give')); }),
    busy: showing('#/queue', at(ticket(1)), async (shown) => {
      await shown.press(w('app.queue.give'));
      shown.refuses(w('app.queue.give'));
    }),
    offline: workingOffline('#/queue', at(ticket(1)), w('app.queue.give'), w('app.queue.call', { number: 'B1' })),
    error: showing('#/queue', { ...at(ticket(1)), deeds: full }, async (shown) => {
      await shown.press(w('app.queue.give'));
      await shown.press(w('app.queue.call', { number: 'B1' }));
      shown.reads(w('app.trouble.store-full')).offers(w('app.queue.give'), w('app.queue.call', { number: 'B1' }));
    }),
    much: showing('#/queue', at(...many(ticket), ...many((n) => skipped(n + MANY))), async (shown) => {
      shown.reads(w('app.queue.counts', { waiting: MANY, served: 0 }));
      expect(shown.count('[data-status="waiting"]')).toBe(12);
      expect(shown.count('[data-status="skipped"]')).toBe(12);
      await shown.press(w('app.more', { n: 12 }));
      expect(shown.count('[data-status="waiting"]')).toBe(24);
    }),
  },
  'originals': {
    empty: showing('#/originals', {}, (shown) => { shown.reads(w('app.originals.empty'), w('app.originals.empty.text')).offers(w('app.nav.today')); }),
    busy: opening('#/originals'),
    offline: workingOffline('#/originals', { ...at(original(1)), ...DOSSIER }, w('app.originals.give-back')),
    error: showing('#/originals', { ...at(original(1)), ...DOSSIER, deeds: full }, async (shown) => {
      await shown.press(w('app.originals.give-back'));
      await shown.press(w('app.originals.give'));
      shown.reads(w('app.trouble.store-full')).offers(w('app.originals.give'));
    }),
    much: showing('#/originals', { ...at(...many(original)), ...DOSSIER }, async (shown) => {
      expect(shown.count('[data-original]')).toBe(ROWS_MAX);
      shown.offers(w('app.more', { n: ROWS_MAX }));
      await onlooker.look();
      await shown.fill('find-original', `${LONG} 229`);
      expect(shown.count('[data-original]')).toBe(1);
      await shown.fill('find-original', 'không có ai');
      shown.reads(w('app.dossiers.none', { words: 'không có ai' }));
    }),
  },
  'keep-original': {
    empty: missing('#/dossier/nobody/original'),
    busy: opening(KEEP),
    offline: workingOffline(KEEP, { ...at(), ...DOSSIER }, w('app.keep.do')),
    error: showing(KEEP, { ...at(), ...DOSSIER, deeds: full }, async (shown) => {
      await shown.press(w('app.keep.do'));
      shown.reads(w('app.keep.paper.missing'));
      await shown.fill('paperName', 'Sổ hộ khẩu');
      await shown.press(w('app.keep.do'));
      shown.reads(w('app.trouble.store-full')).offers(w('app.keep.do'));
    }),
    much: showing(KEEP, { ...at(), dossiers: [dossier(1, { answers: { 'answers.applicant_full_name': LONG } })] }, (shown) => {
      shown.reads(LONG).offers(w('app.keep.do'));
    }),
  },
  'results': {
    empty: showing('#/results', {}, (shown) => { shown.reads(w('app.results.empty'), w('app.results.empty.text')).offers(w('app.nav.today')); }),
    busy: opening('#/results'),
    offline: workingOffline('#/results', at(result(1)), w('app.results.hand')),
    error: showing('#/results', { ...at(of('result_delivery', { copies: 1, pages: 1 })(1)), deeds: full }, async (shown) => {
      await shown.fill('got', '1');
      await shown.press(w('app.results.take'));
      shown.reads(w('app.trouble.store-full')).offers(w('app.results.take'));
    }),
    much: showing('#/results', at(...many(result)), async (shown) => {
      expect(shown.count('[data-result]')).toBe(ROWS_MAX);
      shown.reads(w('app.results.with-us', { n: MANY }));
      await shown.press(w('app.more', { n: ROWS_MAX }));
      expect(shown.count('[data-result]')).toBe(2 * ROWS_MAX);
      await onlooker.look();
      await shown.fill('find-result', `${LONG} 229`);
      expect(shown.count('[data-result]')).toBe(1);
    }),
  },
  'hand-back': {
    empty: missing('#/result/nobody'),
    busy: showing(HAND, at(HANDED), async (shown) => {
      await shown.press(w('app.hand-back.not'));
      await shown.check('[name="reason"][value="absent"]');
      await shown.press(w('app.hand-back.not.do'));
      shown.refuses(w('app.hand-back.not.do')).refuses(w('app.hand-back.do'));
    }),
    offline: workingOffline(HAND, at(HANDED), w('app.hand-back.do'), w('app.hand-back.not.do')),
    error: showing(HAND, { ...at(HANDED), deeds: full }, async (shown) => {
      await shown.press(w('app.hand-back.do'));
      shown.reads(w('app.hand-back.missing.check'), w('app.hand-back.missing.signature'));
      await shown.check('[name="reason"][value="absent"]');
      await shown.press(w('app.hand-back.not.do'));
      shown.reads(w('app.trouble.store-full')).offers(w('app.hand-back.not.do'));
    }),
    much: showing(HAND, at(born({}), ...many((n) => result(n + 2))), (shown) => { shown.reads(`${LONG} 1`).offers(greetingWord('open'), w('app.hand-back.do')); }),
  },
  'greeting': {
    empty: showing(CARD, at(HANDED), (shown) => {
      shown.reads(greetingWord('none.text')).offers(w('app.results.hand'));
      expect(shown.count('[data-greeting]')).toBe(0);
    }),
    busy: opening(CARD, at(born({}))),
    offline: workingOffline(CARD, at(born({})), w('app.receipt.print'), w('app.receipt.share')),
    error: showing(CARD, at(born({})), async (shown) => {
      if (!('fonts' in document)) Object.defineProperty(document, 'fonts', { value: { ready: Promise.resolve() }, configurable: true });
      await withoutPens(async () => { await shown.press(w('app.receipt.share')); });
      shown.reads(greetingWord('no-picture')).offers(w('app.receipt.print'));
    }),
    much: showing(CARD, at(born({ newborn: LONG })), async (shown) => {
      shown.reads(LONG, 'Sinh ngày 05 tháng 11 năm 2026', 'Điểm lưu động Mỹ Đức');
      await onlooker.look();
      await shown.check('[name="size"][value="roll80"]');
      expect(shown.count('[data-greeting="roll80"]')).toBe(1);
    }),
  },
  'survey': {
    empty: showing('#/survey', {}, (shown) => { shown.reads(w('app.survey.no-stop')).offers(w('app.shift.title')); }),
    busy: opening('#/survey', at()),
    offline: workingOffline('#/survey', at(), w('app.survey.begin')),
    error: showing('#/survey', { ...at(), deeds: full }, async (shown) => {
      await shown.press(w('app.survey.begin'));
      await shown.check('[name="score"][value="4"]');
      await shown.press(w('app.section.continue'));
      for (let left = 3; left > 0; left -= 1) await shown.press(w('app.survey.pass'));
      shown.reads(w('app.trouble.store-full')).offers(w('app.survey.pass'));
    }),
    much: 'four questions, one a page; nothing of the stop or of other surveys stands there',
  },
  'petition': {
    empty: showing('#/petition', {}, (shown) => { shown.reads(w('app.survey.no-stop')).offers(w('app.shift.title')); }),
    busy: showing('#/petition', at(), async (shown) => {
      await shown.fill('words', 'Đường vào thôn hỏng');
      await shown.press(w('app.petition.do'));
      shown.refuses(w('app.petition.do'));
    }),
    offline: workingOffline('#/petition', at(), w('app.petition.do')),
    error: showing('#/petition', { ...at(), deeds: full }, async (shown) => {
      await shown.press(w('app.petition.do'));
      shown.reads(w('app.petition.words.missing'));
      await shown.fill('words', 'Đường vào thôn hỏng');
      await shown.press(w('app.petition.do'));
      shown.reads(w('app.trouble.store-full')).offers(w('app.petition.do'));
    }),
    much: NO_LIST,
  },
  'handover': {
    empty: showing('#/handover', {}, (shown) => { shown.reads(w('app.handover.no-stop')).offers(w('app.shift.title')); }),
    busy: showing('#/handover', at(), async (shown) => {
      await shown.press(w('app.handover.do'));
      shown.refuses(w('app.handover.do'));
    }),
    offline: workingOffline('#/handover', at(), w('app.handover.do')),
    error: showing('#/handover', { ...at(), deeds: full }, async (shown) => {
      await shown.press(w('app.handover.do'));
      shown.reads(w('app.trouble.store-full')).offers(w('app.handover.do'));
    }),
    much: showing('#/handover', {
      ...at(...many(original), ...many(result), ...many(ticket)), drafts: many((n) => draft(n)), outbox: { changes: MANY, oldestAt: NOW },
      dossiers: many((n) => dossier(n, { fields: { stop: STOP } })),
    }, (shown) => {
      for (const count of ['dossiers', 'custody', 'results', 'drafts', 'waiting', 'unsent']) {
        expect(shown.main.querySelector(`[data-count="${count}"]`)?.textContent, count).toBe('230');
      }
      shown.offers(w('app.handover.do'), w('app.handover.look'));
    }),
  },
};
