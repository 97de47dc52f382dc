// @vitest-environment happy-dom
/** What holds from one screen to the next, whichever comes first. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { SaveOutcome, Topic } from '../../src/device/outcomes';
import type { Phone } from '../../src/device/port';
import { procedureOf } from '../procedures/filling';
import { work } from '../shift/making';
import { AREA, ON_SHIFT, SHORTEST, STOP, dossier, draft } from './phones';
import { Shown, fetchAll } from './showing';
import { showing, storeFull, w } from './stands';

const DRAFT = draft(1, { answers: {} });
const NAME = 'answers.applicant_full_name';
const NUMBER = '001190000123';
const PROCEDURE = procedureOf(SHORTEST).shortName;

const DRAWN = import.meta.glob<string>(['../../src/**/*.{svelte,svg}', '../../public/*.svg'], { query: '?raw', import: 'default', eager: true });

beforeAll(fetchAll);

it('UX-15: no picture says anything in letters: shapes, photos that were taken, and our sign', () => {
  const drawn = Object.values(DRAWN).join('\n');
  expect(drawn).not.toMatch(/<(text|tspan|foreignObject)\b/u);
  const pictures = [...drawn.matchAll(/<img\s[^>]*?src=("[^"]*"|\{[^}]*\})/gu)].map(([, source]) => source);
  expect(new Set(pictures)).toEqual(new Set(['"/app/icon.svg"', '{address}', '{picture}']));
});

it('UX-31: while an answer cannot be written nothing new is begun, by any way; once it is, again', async () => {
  let outcome: SaveOutcome = storeFull;
  const shown = await Shown.at('#/draft/t1/section/applicant', {
    drafts: [DRAFT], dossiers: [dossier(1)], deeds: { saveDraft: () => Promise.resolve(outcome) },
  });
  await shown.fill(NAME, 'Đào Thị Vân');
  for (const way of ['#/new', `#/new?person=${dossier(1).record}`]) {
    await shown.go(way);
    shown.reads(w('app.save.block'), w('app.save.bar.title')).refuses(PROCEDURE);
  }

  outcome = { kind: 'saved', draft: DRAFT };
  shown.target.querySelector<HTMLButtonElement>('[data-write-trouble] button')?.click();
  await shown.settle();
  expect(shown.target.querySelector('[data-write-trouble]')).toBeNull();
  shown.offers(PROCEDURE);
  expect(shown.words).not.toContain(w('app.save.block'));
  await shown.end();
});

describe('a draft that is open in two tabs', () => {
  let hear: (topic: Topic) => void = () => undefined;

  /** Opens one, ends it elsewhere in some way, and tells where this tab goes. */
  async function leavesFor(ended: Partial<Pick<Phone, 'held' | 'givenToOthers'>>): Promise<readonly string[]> {
    let isEnded = false;
    const shown = await Shown.at('#/draft/t1', {
      deeds: {
        watch: (listener) => {
          hear = listener;
          return () => undefined;
        },
        draft: () => Promise.resolve(DRAFT),
        drafts: () => Promise.resolve(isEnded ? [] : [DRAFT]),
        ...ended,
      },
    });
    const leaving = vi.spyOn(window.location, 'replace').mockReturnValue();
    hear('drafts');
    await shown.settle();
    expect(leaving).not.toHaveBeenCalled();
    isEnded = true;
    hear('drafts');
    await shown.settle();
    const gone = leaving.mock.calls.map(([to]) => String(to));
    leaving.mockRestore();
    await shown.end();
    return gone;
  }

  const given = (id: string): Pick<Phone, 'givenToOthers'> => ({
    givenToOthers: () => Promise.resolve([{ id, to: 'Trần Thị Bình', at: 2, procedure: SHORTEST, applicant: null }]),
  });

  it('UX-46: is left for today where the other tab handed it over, and where it handed over another it is not', async () => {
    expect(await leavesFor(given('t1'))).toEqual(['#/']);
    expect(await leavesFor(given('other'))).toEqual([]);
  });

  it('is left for the dossier where the other tab sealed it: what is typed there would be said to be saved', async () => {
    const sealed = { ...dossier(1), record: DRAFT.record };
    expect(await leavesFor({ held: () => Promise.resolve({ dossiers: [sealed], work: [] }) }))
      .toEqual([`#/dossier/${DRAFT.record}`]);
  });

  it('stays where nothing says why it is not among the others', async () => {
    expect(await leavesFor({})).toEqual([]);
  });
});

describe('UX-84: no list shows the number of anybody’s card, whole or in groups', () => {
  const ids = { 'answers.applicant_personal_id': NUMBER, 'answers.subject_personal_id': NUMBER };
  const one = dossier(1, { answers: ids, conflicts: ['answers.applicant_personal_id'] });
  const stop = { ...work('stop', { place: 'Đình làng', area: AREA, day: '2026-11-22' }), record: STOP };
  const facts = {
    ...ON_SHIFT, dossiers: [one], drafts: [draft(1, { answers: { ...DRAFT.answers, ...ids } })],
    outbox: { changes: 1, records: [one.record] },
    work: [stop, work('custody', { dossier: one.record, paper: 'Sổ hộ khẩu', count: 1, status: 'held', stop: STOP, taken_at: '2026-11-22T08:00:00+07:00' }),
      work('result_delivery', { dossier: one.record, title: 'Trích lục', person: 'Đào Thị Vân', copies: 1, pages: 1, status: 'taken', got: 1 })],
  };

  it.each(['#/', '#/dossiers', '#/outbox', '#/originals', '#/results', '#/handover'])('%s', async (hash) => {
    await showing(hash, facts, (shown) => {
      expect(shown.main.querySelectorAll('li, dl').length).toBeGreaterThan(0);
      expect(shown.words.replace(/\D/gu, '')).not.toContain(NUMBER);
      expect(shown.words).not.toMatch(/001.?190.?000/u);
    })();
  });
});
