/** F2 and F4 to F9: from Today to the seal. */
import { expect } from 'vitest';
import { display, labelOf } from '../../src/live/display.svelte';
import shutEn from '../../src/words/shut.en.json';
import shutVi from '../../src/words/shut.vi.json';
import type { Colleague, HandedToUs } from '../../src/device/shown';
import { handingWords } from '../../src/parts/handing_words';
import { sharedWords } from '../../src/parts/shared_words';
import { rowsOf } from '../../src/procedures/answers';
import { filled, procedureOf, realCatalogueJson } from '../procedures/filling';
import { LONG, MANY, NOW, ROWS_MAX, SHORTEST, dossier, draft, many, personHere, seat, type Facts } from './phones';
import { missing, onlooker, opening, showing, storeFull, w, workingOffline, type Row } from './stands';

const PROCEDURE = procedureOf(SHORTEST);
/** As a list of procedures calls it. */
const CALLED = labelOf({ vi: PROCEDURE.shortName, en: PROCEDURE.name.en });
const NAME = 'answers.applicant_full_name';
export const FILLED = draft(1, {
  answers: filled(PROCEDURE, { [NAME]: LONG }),
  papers: Object.fromEntries(PROCEDURE.papers.map(({ id }) => [id, { state: 'handed_in', count: 1 }])),
});
export const EMPTY = draft(1, { answers: {} });
const BEGUN: Partial<Facts> = { drafts: [EMPTY] };
const READY: Partial<Facts> = { drafts: [FILLED] };
const full = () => Promise.resolve(storeFull);
const never = () => new Promise<never>(() => undefined);

/** As many procedures as no branch has. */
function manyProcedures(): unknown {
  const whole = realCatalogueJson() as { readonly procedures: readonly { readonly code: string }[] };
  const [first] = whole.procedures;
  const more = many((n) => ({ ...first, code: `9.${String(n).padStart(6, '0')}`, name_vi: `${LONG} ${n}`, short_name_vi: `${LONG} ${n}`, linked_codes: [] }));
  return { ...whole, procedures: [...whole.procedures, ...more] };
}

function camera(getUserMedia: (() => Promise<never>) | null): void {
  Object.defineProperty(navigator, 'mediaDevices', { value: getUserMedia === null ? undefined : { getUserMedia }, configurable: true });
}

/** What the browser says when a database is to be opened. */
function databases(open: () => unknown): void {
  const value = { open, deleteDatabase: () => undefined };
  Object.defineProperty(globalThis, 'indexedDB', { value, configurable: true });
}

const PAPER = PROCEDURE.papers[0]?.id ?? '';
const CAMERA = `#/draft/t1/camera?at=${PAPER}`;
const HAND = '#/draft/t1/hand';
const APPLICANT = '#/draft/t1/section/applicant';

export const intake: Readonly<Record<'today' | 'new' | 'draft' | 'section' | 'papers' | 'shared' | 'camera' | 'hand-draft' | 'check', Row>> = {
  'today': {
    empty: showing('#/', {}, (shown) => { shown.reads(w('app.today.drafts.empty')).offers(w('app.today.new')); }),
    busy: opening('#/'),
    offline: async () => {
      await workingOffline('#/', {}, w('app.today.new'), w('app.shift.title'))();
      // UX-46: what a colleague handed over, and what waits for one.
      const given = [{ id: 'g1', to: 'Trần Thị Bình', at: NOW, procedure: SHORTEST, applicant: 'Lê Thị Sửu' }];
      await showing('#/', { toUs: [toUs(1), toUs(2, 'no-area'), toUs(3, 'damaged')], given, deeds: { takeDraft: full } }, async (shown) => {
        const area = 'Xã Mỹ Đức';
        shown.reads(handingWords('to-us.by', { name: 'Trần Thị Bình', time: '09:00' }), handingWords('to-us.no-area', { area }), handingWords('to-us.damaged'));
        shown.reads(handingWords('given.row', { name: 'Trần Thị Bình', time: '09:00' })).offers(handingWords('given.lock'));
        expect(shown.count('button[data-handed]')).toBe(1);
        await onlooker.look();
        shown.main.querySelector<HTMLButtonElement>('button[data-handed]')?.click();
        await shown.settle();
        shown.reads(w('app.trouble.store-full'));
      })();
      // One photo is spoilt: the rest of it goes on, once somebody has said so.
      const taken: unknown[] = [];
      const takeDraft = (_: string, isPartly?: boolean) => {
        taken.push(isPartly);
        return Promise.resolve({ kind: 'photos-damaged' } as const);
      };
      await showing('#/', { toUs: [toUs(1)], deeds: { takeDraft } }, async (shown) => {
        shown.main.querySelector<HTMLButtonElement>('button[data-handed]')?.click();
        await shown.settle();
        shown.reads(handingWords('to-us.photos-damaged'));
        await shown.press(handingWords('to-us.without'));
        expect(taken).toEqual([false, true]);
      })();
    },
    error: async () => {
      const broken = { deeds: { drafts: () => Promise.reject(new Error('the store')) } };
      databases(() => {
        const opening = { result: { close: () => undefined }, onsuccess: () => undefined };
        queueMicrotask(() => { opening.onsuccess(); });
        return opening;
      });
      await showing('#/', broken, (shown) => {
        shown.reads(w('app.crash.title'), w('app.crash.text')).offers(w('app.trouble.retry'));
      })();
      // FAULT-10: a private window, or data of sites blocked.
      databases(() => { throw new DOMException('shut', 'SecurityError'); });
      await showing('#/', broken, (shown) => {
        const shut = display.language === 'en' ? shutEn : shutVi;
        shown.reads(shut.title, shut.text, shut.step1, shut.step2).offers(w('app.trouble.retry'));
        expect(shown.words).not.toContain(w('app.crash.text'));
        expect(shown.words).not.toContain(w('app.today.new'));
      })();
    },
    much: showing('#/', {
      drafts: many((n) => draft(n, { answers: { [NAME]: `${LONG} ${n}` } })), dossiers: many((n) => dossier(n, { answers: { [NAME]: LONG }, conflicts: [NAME] })),
      outbox: { changes: MANY, records: many((n) => dossier(n).record) }, toUs: many((n) => toUs(n, null, LONG)),
    }, async (shown) => {
      expect(shown.count('[data-handed]')).toBe(20);
      expect(shown.count('[data-draft]')).toBe(20);
      expect(shown.count('[data-record]')).toBe(5);
      shown.reads(LONG, String(MANY)).offers(w('app.today.new'), w('app.today.all'));
      for (const more of shown.main.querySelectorAll('button')) if (more.textContent.trim() === w('app.more', { n: 20 })) more.click();
      await shown.settle();
      expect([shown.count('[data-handed]'), shown.count('[data-draft]')]).toEqual([40, 40]);
    }),
  },
  'new': {
    empty: showing('#/new', { reference: null }, (shown) => { shown.reads(w('app.new.no-catalogue')).offers(w('app.new.fetch')); }),
    busy: showing('#/new', { reference: null }, async (shown) => {
      await shown.press(w('app.new.fetch'));
      shown.refuses(w('app.new.fetching'));
    }),
    offline: async () => {
      await workingOffline('#/new', {}, CALLED)();
      await showing('#/new', { reference: null, deeds: { fetchReference: () => Promise.resolve({ kind: 'offline' }) } }, async (shown) => {
        await shown.press(w('app.new.fetch'));
        shown.reads(w('app.trouble.offline')).offers(w('app.new.fetch'));
      })();
    },
    error: async () => {
      await showing('#/new', { deeds: { startDraft: full } }, async (shown) => {
        await shown.press(CALLED);
        shown.reads(w('app.trouble.store-full')).offers(CALLED);
      })();
      // Too little room: what was begun may be ended, nothing new is.
      await showing('#/new', { photoRoom: 0 }, (shown) => { shown.reads(w('app.shift.full')).refuses(CALLED); })();
    },
    much: showing('#/new', { reference: { catalogue: manyProcedures() } }, async (shown) => {
      expect(shown.count('[data-procedure]')).toBe(ROWS_MAX);
      shown.offers(w('app.more', { n: ROWS_MAX }));
      await onlooker.look();
      await shown.fill('search', `${LONG} 229`);
      expect(shown.count('[data-procedure]')).toBe(1);
      await shown.fill('search', 'xyz');
      shown.reads(w('app.new.none', { words: 'xyz' }));
    }),
  },
  'draft': {
    empty: showing('#/draft/t1', BEGUN, (shown) => { expect(shown.count('[data-left]')).toBe(1); shown.offers(w('app.draft.drop.nameless')); }),
    busy: showing('#/draft/t1', { ...BEGUN, deeds: { draft: never } }, (shown) => { shown.reads(w('app.loading')); }),
    offline: workingOffline('#/draft/t1', BEGUN, w('app.draft.drop.nameless')),
    error: async () => {
      await missing('#/draft/nobody')();
      await showing('#/draft/t1', { ...BEGUN, deeds: { dropDraft: full } }, async (shown) => {
        await shown.press(w('app.draft.drop.nameless'));
        shown.main.querySelector<HTMLButtonElement>('dialog .danger')?.click();
        await shown.settle();
        shown.reads(w('app.trouble.store-full')).offers(w('app.draft.drop.nameless'));
      })();
    },
    much: showing('#/draft/t1', {
      drafts: [FILLED], dossiers: many((n) => dossier(n, { answers: FILLED.answers })),
    }, (shown) => {
      shown.reads(LONG, w('app.twin.title'), w('app.twin.more', { n: MANY - 5 })).offers(w('app.twin.go-on'));
      expect(shown.count('[data-twin]')).toBe(5);
    }),
  },
  'section': {
    empty: showing(APPLICANT, BEGUN, async (shown) => {
      await shown.press(w('app.section.continue'));
      expect(shown.count('[data-error-summary] a')).toBeGreaterThan(1);
    }),
    busy: showing(APPLICANT, BEGUN, async (shown) => {
      await shown.fill(NAME, 'Đào');
      shown.reads(w('app.save.saving')).offers(w('app.section.continue'));
    }),
    offline: workingOffline(APPLICANT, BEGUN, w('app.section.continue')),
    // UX-31
    error: showing(APPLICANT, { ...BEGUN, deeds: { saveDraft: full } }, async (shown) => {
      await shown.fill(NAME, 'Đào Thị Vân');
      expect(shown.target.querySelector('[data-write-trouble]')?.textContent).toContain(w('app.trouble.store-full'));
      expect(shown.target.querySelector('[data-write-trouble] button')?.textContent).toBe(w('app.trouble.retry'));
      shown.reads(w('app.save.failed'));
      expect(shown.main.querySelector<HTMLInputElement>(`[name="${NAME}"]`)?.value).toBe('Đào Thị Vân');
    }),
    much: async () => {
      const procedure = procedureOf('1.001939');
      const group = procedure.groups.find(({ id }) => id === 'members');
      const rows = group?.repeat?.max ?? 0;
      const answers = Object.fromEntries(many((n) => [`answers.members.${String(n).padStart(8, '0')}-0000-4000-8000-000000000000.member_full_name`, `${LONG} ${n}`] as const, rows));
      expect(rowsOf('members', answers)).toHaveLength(rows);
      await showing('#/draft/t1/section/members', { drafts: [draft(1, { procedure: '1.001939', answers })] }, (shown) => {
        expect(shown.count('fieldset[data-row]')).toBe(rows);
        shown.offers(w('app.section.continue'));
      })();
    },
  },
  'papers': {
    empty: showing('#/draft/t1/papers', { drafts: [EMPTY], photos: [] }, (shown) => { expect(shown.count('[data-paper]')).toBeGreaterThan(0); shown.offers(w('app.section.continue')); }),
    busy: showing('#/draft/t1/papers', { ...READY, photos: [photo(1, 'raw')] }, (shown) => { shown.reads(w('app.photos.stage.raw')); }),
    offline: workingOffline('#/draft/t1/papers', READY, w('app.section.continue')),
    error: showing('#/draft/t1/papers', { ...READY, photos: [photo(1, 'unreadable')], photoRoom: 3 }, (shown) => {
      shown.reads(w('app.photos.stage.unreadable'), w('app.photos.room', { n: 3 })).offers(w('app.photos.remove.page', { n: 1 }));
    }),
    much: showing('#/draft/t1/papers', { ...READY, photos: many((n) => photo(n, 'prepared'), 150) }, (shown) => {
      // No dossier has more of them (`PHOTOS_OF_RECORD_MAX`).
      expect(shown.count('[data-photo]')).toBe(150);
      shown.offers(w('app.section.continue'));
    }),
  },
  'shared': {
    empty: showing('#/shared', READY, (shown) => { shown.reads(sharedWords('empty')).offers(w('app.nav.today')); }),
    busy: showing('#/shared', { ...READY, deeds: { sharedPapers: never } }, (shown) => { shown.reads(sharedWords('loading')); }),
    offline: async () => {
      await workingOffline('#/shared', { ...READY, shared: [shared(1)] }, sharedWords('place'), sharedWords('drop'))();
      // Who shared them a week ago and longer is asked; nothing goes by itself.
      await showing('#/shared', { ...READY, shared: [shared(1, 9), shared(2, 6), shared(3)] }, async (shown) => {
        shown.reads(sharedWords('old.title', 1), sharedWords('days', 9), sharedWords('days', 6));
        expect(shown.count('[data-days]')).toBe(2);
        await onlooker.look();
        await shown.press(sharedWords('old.choose', 1));
        expect(shown.count('.papers input:checked')).toBe(1);
        await shown.press(sharedWords('drop'));
        shown.reads(sharedWords('drop.title', 1));
      })();
      await showing('#/', { shared: [shared(1, 9)] }, (shown) => { shown.reads(sharedWords('row.old', 9)); })();
    },
    error: showing('#/shared?not=too-many', { ...READY, shared: [shared(1)], deeds: { dropShared: full } }, async (shown) => {
      shown.reads(sharedWords('not.too-many'));
      await shown.press(sharedWords('place'));
      shown.reads(sharedWords('need-paper')).offers(sharedWords('place'));
      await shown.press(sharedWords('drop'));
      await shown.press(sharedWords('drop.yes', 1));
      shown.reads(w('app.trouble.store-full')).offers(sharedWords('drop'));
    }),
    // The worker keeps no more of them (`WAITING_MAX`); whoever has begun so many dossiers finds theirs in the choice.
    much: showing('#/shared', { drafts: many((n) => draft(n, { answers: { [NAME]: `${LONG} ${n}` } })), shared: many(shared, 30) }, (shown) => {
      expect(shown.count('[data-waiting]')).toBe(30);
      expect(shown.count('[name="draft"] option')).toBe(MANY + 1);
      shown.offers(sharedWords('place'));
    }),
  },
  'camera': {
    empty: showing('#/draft/t1/camera', { drafts: [draft(1, { answers: {}, papers: Object.fromEntries(PROCEDURE.papers.map(({ id }) => [id, { state: 'not_needed', count: 0 }])) })] }, (shown) => {
      shown.reads(w('app.camera.nothing')).offers(w('app.papers.title'));
    }),
    busy: async () => {
      camera(never);
      await showing(CAMERA, READY, (shown) => { shown.refuses(w('app.camera.opening')); })();
    },
    offline: async () => {
      camera(never);
      await workingOffline(CAMERA, READY, w('app.camera.done'))();
    },
    error: async () => {
      camera(null);
      await showing(CAMERA, READY, (shown) => { shown.reads(w('app.camera.papers.missing')).offers(w('app.camera.again'), w('app.camera.done')); })();
    },
    much: async () => {
      camera(never);
      await showing(CAMERA, { ...READY, photos: many((n) => photo(n, 'prepared'), 150), photoRoom: 0 }, (shown) => {
        expect(shown.count('[data-photo]')).toBe(150);
        shown.reads(w('app.camera.full')).offers(w('app.camera.done'));
      })();
    },
  },
  'hand-draft': {
    empty: showing(HAND, { ...READY, colleagues: [colleague(4, 'no-inbox'), colleague(5, 'no-area')] }, (shown) => {
      shown.reads(handingWords('nobody'), handingWords('cannot.no-inbox', { name: 'Trần Thị Bình 4' })).offers(w('app.draft.title'));
      expect(shown.count('[data-cannot]')).toBe(2);
      expect(shown.count('form button')).toBe(0);
    }),
    busy: async () => {
      await showing(HAND, { ...READY, deeds: { colleagues: never } }, (shown) => { shown.reads(handingWords('loading')); })();
      await showing(HAND, { ...READY, colleagues: [colleague(4)] }, async (shown) => {
        await shown.press(handingWords('give', { name: 'Trần Thị Bình 4' }));
        shown.refuses(handingWords('giving'));
      })();
    },
    offline: async () => {
      await workingOffline(HAND, { ...READY, colleagues: [colleague(4)] }, handingWords('give', { name: 'Trần Thị Bình 4' }))();
      // Offered where somebody else here has a PIN, and the right to the area.
      const others = { people: [personHere('Nguyễn Văn An'), personHere('Trần Thị Bình', 4)] };
      await workingOffline('#/draft/t1', { ...READY, ...others, seats: [seat('Nguyễn Văn An'), seat('Trần Thị Bình', 4)] }, handingWords('link'))();
      await showing('#/draft/t1', { ...READY, ...others }, (shown) => { expect(shown.count('[data-hand]')).toBe(0); })();
    },
    error: async () => {
      await missing('#/draft/nobody/hand')();
      await showing(HAND, { ...READY, colleagues: [colleague(4), colleague(5)], deeds: { handDraft: full } }, async (shown) => {
        await shown.press(handingWords('give.nobody'));
        shown.reads(handingWords('need-choice'));
        shown.main.querySelector<HTMLButtonElement>('[data-colleague="s5"]')?.click();
        await shown.settle();
        shown.reads(handingWords('only', { name: 'Trần Thị Bình 5' }));
        await shown.press(handingWords('give', { name: 'Trần Thị Bình 5' }));
        shown.reads(w('app.trouble.store-full'), handingWords('not.moved')).offers(handingWords('give', { name: 'Trần Thị Bình 5' }));
      })();
    },
    much: showing(HAND, { ...READY, photos: many((n) => photo(n, 'prepared'), 150), colleagues: many((n) => ({ ...colleague(n), name: `${LONG} ${n}` }), 30) }, async (shown) => {
      expect(shown.count('[data-colleague]')).toBe(8);
      shown.main.querySelector<HTMLButtonElement>('[data-colleague]')?.click();
      await shown.settle();
      shown.reads(LONG).offers(handingWords('give', { name: `${LONG} 0` }));
      expect(shown.count('[data-goes="150"]')).toBe(1);
    }),
  },
  'check': {
    empty: showing('#/draft/t1/check', BEGUN, async (shown) => {
      await shown.press(w('app.check.seal'));
      expect(shown.count('[data-error-summary] a')).toBeGreaterThan(3);
    }),
    busy: showing('#/draft/t1/check', READY, async (shown) => {
      await shown.press(w('app.check.seal'));
      shown.refuses(w('app.check.sealing'));
    }),
    offline: workingOffline('#/draft/t1/check', READY, w('app.check.seal')),
    error: showing('#/draft/t1/check', { ...READY, deeds: { seal: full } }, async (shown) => {
      await shown.press(w('app.check.seal'));
      shown.reads(w('app.trouble.store-full')).offers(w('app.check.seal'));
    }),
    much: showing('#/draft/t1/check', { ...READY, dossiers: many((n) => dossier(n, { answers: FILLED.answers })) }, (shown) => {
      shown.reads(LONG).offers(w('app.check.seal'));
      expect(shown.count('[data-twin]')).toBe(5);
    }),
  },
};

function colleague(n: number, cannot: Colleague['cannot'] = null): Colleague {
  return { staff: `s${n}`, name: `Trần Thị Bình ${n}`, cannot };
}

/** A draft that a colleague began, as it waits on Today. */
function toUs(n: number, cannot: HandedToUs['cannot'] = null, name = 'Trần Thị Bình'): HandedToUs {
  const hand = { seat: 4, person: name, at: NOW };
  if (cannot === 'damaged') return { id: `h${n}`, draft: null, hand: null, photos: 0, cannot };
  return { id: `h${n}`, draft: draft(n, { answers: { [NAME]: `${name} ${n}` }, hands: [hand] }), hand, photos: n, cannot };
}

function shared(n: number, days = 0): Facts['shared'][number] {
  return { sharedAt: NOW - days * 86_400_000, name: `s${n}`, file: { bytes: new Uint8Array([1]), type: 'image/jpeg', takenAt: 0 } };
}

function photo(n: number, stage: 'raw' | 'prepared' | 'unreadable'): Facts['photos'][number] {
  return { id: `p${n}`, document: PAPER, stage, type: 'image/jpeg', size: 1000, sent: 0, refusal: null, unknownSince: null, hint: null };
}

