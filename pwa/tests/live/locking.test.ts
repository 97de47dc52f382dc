/** What holds a lock back: an answer that is on the screen, and not on the disk yet. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { SaveOutcome } from '../../src/device/outcomes';
import type { Phone } from '../../src/device/port';
import type { Dossier, EnrolledDevice, PersonHere } from '../../src/device/shown';
import type { DraftView } from '../../src/live/draft.svelte';
import type { PhoneView as View } from '../../src/live/phone.svelte';
import type { Work } from '../../src/shift/work';
import type { Draft } from '../../src/store/port';
import type { Value } from '../../src/sync/pack';

// The view reads the address when it is fetched.
vi.stubGlobal('window', { location: { hash: '#/draft/d' } });
const { PhoneView } = await import('../../src/live/phone.svelte');
vi.unstubAllGlobals();

const DRAFT: Draft = {
  id: 'd', record: 'r', seat: 3, person: 'An', procedure: '1.001193', catalogueVersion: '2026-11', area: '10441',
  answers: {}, papers: {}, step: '', createdAt: 1, savedAt: 1,
};
const LOCKS = { untouchedMs: 120_000, hiddenMs: 30_000 };

const kept = new Map<string, Value>();
let locked: number;
let saves: ((outcome: SaveOutcome) => void)[];
let view: View;
let draft: DraftView;

beforeEach(async () => {
  locked = 0;
  kept.clear();
  saves = [];
  const phone: Partial<Phone> = {
    draft: () => Promise.resolve(DRAFT),
    saveDraft: () => new Promise((resolve) => { saves.push(resolve); }),
    keep: (name, value) => {
      kept.set(name, value);
      return Promise.resolve(null);
    },
    lock: () => {
      locked++;
      return Promise.resolve();
    },
  };
  view = new PhoneView(phone as Phone);
  view.device = { locks: LOCKS } as EnrolledDevice;
  view.people = [{ isOpen: true } as PersonHere];
  const opened = await view.openDraft('d');
  if (opened === null) throw new Error('no draft');
  draft = opened;
});

it('nothing holds it back where all is written; nobody at work, nothing to lock', async () => {
  expect(view.lockTimes).toEqual(LOCKS);
  await view.lock();
  expect(locked).toBe(1);
  view.people = [];
  expect(view.lockTimes).toBeNull();
});

it('waits for the answer that is just being written', async () => {
  draft.setAll({ 'answers.child_full_name': 'Minh' });
  const locking = view.lock();
  // Whatever could go on without the disk has gone on by then.
  await new Promise((resolve) => { setTimeout(resolve, 0); });
  expect(locked).toBe(0);
  saves[0]?.({ kind: 'saved', draft: DRAFT });
  await locking;
  expect(locked).toBe(1);
});

it('an answer that cannot be written would be lost: it stays open and does not count time, until it is', async () => {
  draft.setAll({ 'answers.child_full_name': 'Minh' });
  saves[0]?.({ kind: 'store-full' });
  await view.lock();
  expect(locked).toBe(0);
  expect(view.lockTimes).toBeNull();

  view.retryWrite();
  saves[1]?.({ kind: 'saved', draft: DRAFT });
  await view.lock();
  expect(locked).toBe(1);
  expect(view.lockTimes).toEqual(LOCKS);
});

it('UX-46: a form that is half filled in goes into the vault before it locks, and is taken out once noted', async () => {
  view.work = [{ record: 'a' } as Work];
  view.dossiers = [{ record: 'b' } as Dossier];
  view.keepForm('hand-back/a', { named: 'Đào Duy Khang' });
  view.keepForm('keep-original/b', { name: 'Sổ hộ khẩu' });
  view.keepForm('hand-back/gone', { named: 'Lê Thị Mai' });
  expect(view.formOf('hand-back/a')).toEqual({ named: 'Đào Duy Khang' });
  await view.lock();
  expect(kept.get('forms')).toEqual({ 'hand-back/a': { named: 'Đào Duy Khang' }, 'keep-original/b': { name: 'Sổ hộ khẩu' } });

  view.keepForm('keep-original/b', null);
  view.keepForm('hand-back/a', null);
  expect(view.formOf('hand-back/a')).toBeNull();
  await Promise.resolve();
  expect(kept.get('forms')).toBeNull();
});

it('a citizen who had the phone in hand gives it back locked, also where an answer cannot be written', async () => {
  draft.setAll({ 'answers.child_full_name': 'Minh' });
  saves[0]?.({ kind: 'store-full' });
  view.work = [{ record: 's' } as Work];
  view.keepForm('survey/s', { at: 1, overall: 4 });
  await view.lockSurely();
  expect(locked).toBe(1);
  expect(kept.get('forms')).toEqual({ 'survey/s': { at: 1, overall: 4 } });
});
