import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SaveOutcome, SealOutcome } from '../../src/device/outcomes';
import type { Phone } from '../../src/device/port';
import type { DraftAnswers } from '../../src/device/shown';
import { DraftView } from '../../src/live/draft.svelte';
import type { Draft } from '../../src/store/port';
import { procedureOf } from '../procedures/filling';

const DRAFT: Draft = {
  id: 'd', record: 'r', seat: 3, person: 'An', procedure: '1.001193', catalogueVersion: '2026-11', area: '10441',
  answers: { 'answers.child_full_name': 'Minh' }, papers: {}, step: '', createdAt: 1, savedAt: 1,
};

/** A phone whose writes end when the test says so. */
class SlowPhone {
  readonly written: DraftAnswers[] = [];
  readonly sealed: DraftAnswers[] = [];
  #end: ((outcome: SaveOutcome) => void) | null = null;

  saveDraft(_draft: Draft, now: DraftAnswers): Promise<SaveOutcome> {
    this.written.push(now);
    return new Promise((resolve) => { this.#end = resolve; });
  }

  seal(_draft: Draft, now: DraftAnswers): Promise<SealOutcome> {
    this.sealed.push(now);
    return Promise.resolve({ kind: 'sealed', record: 'r' });
  }

  async end(kind: 'saved' | 'store-full' = 'saved'): Promise<void> {
    const now = this.written.at(-1);
    this.#end?.(kind === 'saved' ? { kind, draft: { ...DRAFT, ...now, savedAt: this.written.length * 1000 } } : { kind });
    await vi.advanceTimersByTimeAsync(0);
  }
}

function open(): { phone: SlowPhone; view: DraftView } {
  const phone = new SlowPhone();
  return { phone, view: new DraftView(phone as unknown as Phone, DRAFT) };
}

describe('a draft that is filled in', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  // UX-30
  it('is saved only when the write has ended', async () => {
    const { phone, view } = open();

    view.setAll({ 'answers.child_full_name': 'Minh Khôi' });
    expect(view.savedAt).toBe(1);
    expect(view.saving).toBe(true);
    expect(phone.written).toHaveLength(1);

    await phone.end();
    expect(view.savedAt).toBe(1000);
    expect(view.saving).toBe(false);
  });

  it('writes what was typed meanwhile once more, whole', async () => {
    const { phone, view } = open();
    view.setAll({ 'answers.a': 1 });
    view.setAll({ 'answers.b': 2 });
    view.setAll({ 'answers.c': 3 });

    await phone.end();
    expect(view.saving).toBe(true);
    expect(phone.written).toHaveLength(2);
    await phone.end();

    expect(view.saving).toBe(false);
    expect(phone.written).toHaveLength(2);
    expect(phone.written[1]?.answers).toMatchObject({ 'answers.a': 1, 'answers.b': 2, 'answers.c': 3 });
  });

  // UX-31
  it('keeps the answers and tries again when the phone is full', async () => {
    const { phone, view } = open();
    view.setAll({ 'answers.a': 1 });

    await phone.end('store-full');
    expect(view.trouble).toEqual({ kind: 'store-full' });
    expect(view.answers['answers.a']).toBe(1);

    view.setAll({ 'answers.a': 2 });
    expect(phone.written).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(3000);
    await phone.end();
    expect(view.trouble).toBeNull();
    expect(phone.written.at(-1)?.answers['answers.a']).toBe(2);
  });

  it('seals what is shown, and not what was hidden', async () => {
    const { phone, view } = open();
    view.setAll({ 'answers.birth_place_kind': 'home_or_other', 'answers.birth_facility_name': 'Trạm y tế' });
    await phone.end();

    await view.seal(procedureOf('1.001193'), { flags: [], calendar: null, role: 'helper' });

    expect(phone.sealed[0]?.answers).toEqual({
      'answers.birth_place_kind': 'home_or_other', 'answers.child_full_name': 'Minh',
    });
  });
});
