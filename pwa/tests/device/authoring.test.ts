/** Sealing and revising: one change each, durable whole or not at all. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readSkeleton, split, valuesOf } from '../../src/sync/change';
import { StoreFull } from '../../src/store/port';
import { type Enrolled, enrolledPhone, sealOne, startOne } from '../support/enrolled';

let here: Enrolled;

beforeEach(async () => {
  here = await enrolledPhone();
});

describe('sealing', () => {
  it('writes one change with all that was answered, and ends the draft', async () => {
    const { phone, world } = here;
    const draft = await startOne(phone);
    const papers = { birth_declaration: { state: 'handed_in', count: 1 } } as const;
    const answers = { 'answers.name': 'Bé Lan', 'answers.empty': '', 'answers.none': null };
    await phone.seal(draft, { answers, papers, step: '' });
    const [entry] = await world.store.entriesAfter(11, 0, 9, 99_999);
    const [skeleton, body] = split(entry?.change ?? new Uint8Array());
    const names = [...(readSkeleton(skeleton)?.fields.keys() ?? [])];
    const values = valuesOf(body);

    expect(names).toEqual([
      'procedure',
      'catalogue_version',
      'area',
      'status',
      'sealed_at',
      'answers.name',
      'papers.birth_declaration',
      'provisional_code',
    ]);
    expect(values[names.indexOf('answers.name')]).toBe('Bé Lan');
    expect(values[names.indexOf('sealed_at')]).toMatch(/^2026-11-22T\d\d:\d\d:\d\d\+00:00$/);
    expect(await phone.drafts()).toEqual([]);
  });

  it('names the catalogue that the dossier was begun with, whichever has come since (FAULT-43)', async () => {
    const { phone, office } = here;
    const start = { procedure: '1.001193', catalogueVersion: '2025-01', area: '10441' };
    const begun = await phone.startDraft(start);
    if (begun.kind !== 'saved') throw new Error(begun.kind);
    await phone.exchangeNow();
    const answers = { 'answers.only_in_the_older_form': 'Có' };
    await phone.seal(begun.draft, { answers, papers: {}, step: '' });
    await phone.exchangeNow();

    const { record } = begun.draft;
    expect(await phone.dossier(record)).toMatchObject({ catalogueVersion: '2025-01' });
    expect(office.shownIn(record, 'catalogue_version')).toBe('2025-01');
    expect(office.shownIn(record, 'answers.only_in_the_older_form')).toBe('Có');
  });

  it('puts text into NFC, also inside', async () => {
    const record = await sealOne(here, {
      'answers.name': 'An'.normalize('NFD'),
      'answers.list': ['é'.normalize('NFD')],
    });
    const fields = (await here.phone.dossier(record))?.fields;

    expect(fields?.get('answers.list')?.head.value).toEqual(['é']);
  });

  it('seals once, however often the button is pressed', async () => {
    const { phone, world } = here;
    const draft = await startOne(phone);
    const press = async () =>
      await phone.seal(draft, { answers: { 'answers.a': 1 }, papers: {}, step: '' });
    const outcomes = await Promise.all([press(), press(), press()]);

    expect(outcomes.map(({ kind }) => kind)).toEqual(['sealed', 'sealed', 'sealed']);
    expect((await world.store.seats())[0]?.last).toBe(1);
  });

  it('gives each change its own place when several are sealed at once', async () => {
    const records = await Promise.all([sealOne(here), sealOne(here), sealOne(here)]);

    expect(new Set(records).size).toBe(3);
    expect((await here.world.store.unsent()).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(await here.phone.exchangeNow()).toMatchObject({ kind: 'done', received: 3 });
  });

  it.each([
    ['a text over the limit', { 'answers.a': 'x'.repeat(20_001) }],
    ['a field that is none', { 'answers.ă': 1 }],
    ['a number that is not whole', { 'answers.a': 0.5 }],
    ['half a character', { 'answers.a': '\ud800' }],
    [
      'too many fields',
      Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`answers.f${at}`, 1])),
    ],
  ])('refuses %s before it says "saved"', async (_what, answers) => {
    const { phone, world } = here;
    const draft = await startOne(phone);

    expect(await phone.seal(draft, { answers, papers: {}, step: '' })).toEqual({
      kind: 'too-large',
    });
    expect(await phone.draft(draft.id)).not.toBeNull();
    expect(await world.store.unsent()).toEqual([]);
  });

  // FAULT-7
  it('says when the disk is full, and keeps the draft', async () => {
    const { phone, world } = here;
    const draft = await startOne(phone);
    vi.spyOn(world.store, 'append').mockRejectedValueOnce(new StoreFull());

    const outcome = await phone.seal(draft, { answers: {}, papers: {}, step: '' });
    expect(outcome).toEqual({ kind: 'store-full' });
    expect(await phone.draft(draft.id)).not.toBeNull();
  });
});

describe('revising', () => {
  it('replaces what its author saw, with the reason beside it', async () => {
    const record = await sealOne(here, { 'answers.phone': '1', 'answers.note': 'x' });
    here.world.turnClock(1_000);
    await here.phone.revise(record, { 'answers.phone': '2', 'answers.note': null }, 'Đọc nhầm');
    const dossier = await here.phone.dossier(record);

    expect(dossier?.conflicts).toEqual([]);
    expect(dossier?.fields.get('answers.phone')?.head.value).toBe('2');
    expect(dossier?.fields.has('answers.note')).toBe(false);
    expect(dossier?.notes).toMatchObject([
      { kind: 'revision', reason: 'Đọc nhầm', fields: ['answers.phone', 'answers.note'] },
    ]);
  });

  it('needs the dossier on this phone', async () => {
    const outcome = await here.phone.revise('00'.repeat(16), { 'answers.a': 1 }, 'x');

    expect(outcome).toEqual({ kind: 'unknown-record' });
  });
});

// FAULT-20, FAULT-21
describe('the clock of a log', () => {
  it('goes on when the phone is set back by years', async () => {
    await sealOne(here);
    here.world.turnClock(-3 * 365 * 24 * 3_600_000);
    await sealOne(here);
    const times = (await here.world.store.unsent()).map(({ at }) => at);

    expect(times[1]).toBeGreaterThanOrEqual(times[0] ?? 0);
    expect(await here.phone.exchangeNow()).toMatchObject({ kind: 'done', received: 2 });
  });
});

describe('a draft', () => {
  it('is saved durably with every answer, and gone only when dropped', async () => {
    const draft = await startOne(here.phone);
    const now = { answers: { 'answers.a': 'Bé An' }, papers: {}, step: 'child' };
    const saved = await here.phone.saveDraft(draft, now);

    expect(saved).toMatchObject({ kind: 'saved', draft: { step: 'child' } });
    expect((await here.phone.draft(draft.id))?.answers).toEqual({ 'answers.a': 'Bé An' });
    expect(await here.phone.dossierTruth(draft.record)).toEqual({ place: 'draft' });
    await here.phone.dropDraft(draft.id);
    expect(await here.phone.drafts()).toEqual([]);
  });
});
