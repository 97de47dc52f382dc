/** UX-46: a draft that somebody began goes on in the hands of a colleague at the same phone, photos too. */
import { openDB } from 'idb';
import { afterEach, expect, it, vi } from 'vitest';
import { makeInbox } from '../../src/device/shared';
import { HANDED_OVER, handsIn } from '../../src/procedures/hands';
import type { Draft } from '../../src/store/port';
import { type Enrolled, startOne } from '../support/enrolled';
import { AREA, FakeOffice } from '../support/office';
import { photoRow } from '../support/rows';
import { PIN, startedOn, vaultPhone } from '../support/vaults';

const NAME = 'answers.child_full_name';
const CHILD = 'Bé Quách Thị Bí Mật';
const PICTURE = new TextEncoder().encode('ảnh giấy chứng sinh của bé Bí Mật');
const SMALL = Uint8Array.of(7, 7, 7);

interface AtWork extends Enrolled {
  readonly draft: Draft;
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** Two people at one phone, both with an inbox; An is at work and has begun a draft with a photo. */
async function begun(): Promise<AtWork> {
  const enrolled = await vaultPhone(await FakeOffice.open(), 'tam', 'an');
  const { phone, world } = enrolled;
  await makeInbox(world);
  await turnTo(enrolled, 'tam');
  await makeInbox(world);
  await turnTo(enrolled, 'an');
  const started = await startOne(phone);
  const saved = await phone.saveDraft(started, {
    answers: { [NAME]: CHILD, 'answers.applicant_full_name': CHILD },
    papers: { birth_certificate: { state: 'handed_in', count: 1 } },
    step: 'child',
  });
  if (saved.kind !== 'saved') throw new Error(saved.kind);
  const { draft } = saved;
  const photo = { ...photoRow('photo', draft.id), record: draft.record, document: 'birth_certificate' };
  await world.store.photos.add({ ...photo, stage: 'raw' }, PICTURE);
  await world.store.photos.keepPrepared({ ...photo, stage: 'prepared', size: PICTURE.length }, PICTURE, SMALL);
  return { ...enrolled, draft };
}

async function turnTo({ phone }: Pick<Enrolled, 'phone'>, staff: string): Promise<void> {
  await phone.lock();
  expect(await phone.unlock(staff, PIN)).toEqual({ kind: 'unlocked' });
}

/** All that a disk says, as far as bytes can be read as text. */
async function legible(disk: string): Promise<string> {
  const database = await openDB(disk);
  const rows = await Promise.all([...database.objectStoreNames].map(async (name) => await database.getAll(name) as unknown));
  database.close();
  const text = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value;
  return JSON.stringify(rows, text);
}

async function namesOf(disk: string): Promise<string[]> {
  const database = await openDB(disk);
  const rows = (await database.getAll('kept')) as { readonly name: string }[];
  database.close();
  return rows.map(({ name }) => name.split('/')[0] ?? '').filter((name) => /^(handed|gave)/u.test(name));
}

it('goes from one to the other whole, and says at the seal who began it', async () => {
  const one = await begun();
  const { phone, draft, world } = one;
  expect(await phone.colleagues(AREA)).toEqual([{ staff: 'tam', name: 'Lê Thị Tâm', cannot: null }]);
  expect(await phone.handDraft(draft.id, 'tam')).toEqual({ kind: 'given', to: 'Lê Thị Tâm' });
  expect([await phone.drafts(), await phone.photosOf(draft.record), await phone.handedToUs()]).toEqual([[], [], []]);
  expect(await phone.handedCounts()).toEqual({ handed: 0, given: 1 });
  expect(await phone.givenToOthers()).toMatchObject([{ id: draft.id, to: 'Lê Thị Tâm', applicant: CHILD }]);

  await turnTo(one, 'tam');
  expect(await phone.handedCounts()).toEqual({ handed: 1, given: 0 });
  const [waiting] = await phone.handedToUs();
  expect(waiting).toMatchObject({ id: draft.id, photos: 1, cannot: null, draft: { answers: draft.answers } });
  expect(waiting?.hand).toMatchObject({ seat: draft.seat, at: world.clock.now() });
  expect(await phone.takeDraft(draft.id)).toEqual({ kind: 'taken' });
  const taken = await phone.draft(draft.id);
  expect(taken).toMatchObject({ answers: draft.answers, papers: draft.papers, step: 'child', record: draft.record });
  expect(taken?.seat).not.toBe(draft.seat);
  expect(await phone.photosOf(draft.record)).toMatchObject([{ id: 'photo', document: 'birth_certificate', stage: 'prepared' }]);
  expect([await phone.picture('photo'), await phone.thumbnail('photo')]).toEqual([PICTURE, SMALL]);
  expect(await namesOf(world.disk)).toEqual(['gave']);

  if (taken === null) throw new Error('it was taken');
  const sealed = await phone.seal(taken, taken);
  expect(sealed).toMatchObject({ kind: 'sealed', record: draft.record });
  const fields = (await phone.dossier(draft.record))?.fields;
  expect(fields?.get(HANDED_OVER)?.head.value).toEqual([{ by: 'Lê Thị Tâm', seat: draft.seat, at: '2026-11-22T07:20:00+00:00' }]);
  expect(handsIn(fields?.get(HANDED_OVER)?.head.value)).toHaveLength(1);
  expect(await phone.outbox()).toMatchObject({ photos: 1 });
});

it('says nothing to a disk without keys, nor to its giver', async () => {
  const one = await begun();
  const { phone, draft, world, office } = one;
  await phone.handDraft(draft.id, 'tam');
  await phone.lock();
  const lying = await legible(world.disk);
  expect(lying).toContain(draft.id);
  for (const said of [CHILD, 'chứng sinh', 'birth_certificate', '1.001193'].flatMap((text) => [text, bytesAsText(text)])) {
    expect(lying).not.toContain(said);
  }
  const again = startedOn(office, world.disk);
  await again.phone.unlock('an', PIN);
  expect([await again.phone.draft(draft.id), await again.phone.takeDraft(draft.id)]).toEqual([null, { kind: 'gone' }]);
});

function bytesAsText(text: string): string {
  return new TextDecoder('latin1').decode(new TextEncoder().encode(text));
}

// FAULT-7: each write in turn finds the disk full, on the way there and on the way back.
it('a full disk moves nothing, whichever of its writes is too much', async () => {
  const one = await begun();
  const { phone, draft, world } = one;
  let refused = 0;
  const fullAt = (nth: number): (() => void) => {
    const put = Reflect.get(IDBObjectStore.prototype, 'put') as (this: IDBObjectStore, ...row: readonly unknown[]) => IDBRequest<IDBValidKey>;
    let writes = 0;
    const spy = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function full(this: IDBObjectStore, ...row) {
      const asked = put.apply(this, row);
      writes += 1;
      if (writes === nth) {
        refused += 1;
        const fault = new DOMException('full', 'QuotaExceededError');
        Object.defineProperty(this.transaction, 'error', { value: fault });
        this.transaction.abort();
      }
      return asked;
    });
    return () => { spy.mockRestore(); };
  };
  // The draft, its photo, the trace.
  for (const nth of [1, 2, 3]) {
    const mend = fullAt(nth);
    expect(await phone.handDraft(draft.id, 'tam')).toEqual({ kind: 'store-full' });
    mend();
    expect(await phone.draft(draft.id)).toMatchObject({ answers: draft.answers });
    expect(await phone.picture('photo')).toEqual(PICTURE);
    expect(await namesOf(world.disk)).toEqual([]);
  }
  expect(await phone.handDraft(draft.id, 'tam')).toMatchObject({ kind: 'given' });
  await turnTo(one, 'tam');
  // The draft, the photo, its two parts.
  for (const nth of [1, 2, 3, 4]) {
    const mend = fullAt(nth);
    expect(await phone.takeDraft(draft.id)).toEqual({ kind: 'store-full' });
    mend();
    expect([await phone.drafts(), await phone.photosOf(draft.record)]).toEqual([[], []]);
    expect((await phone.handedToUs())[0]).toMatchObject({ photos: 1, cannot: null });
  }
  expect(refused).toBe(7);
  expect(await phone.takeDraft(draft.id)).toEqual({ kind: 'taken' });
  expect(await phone.picture('photo')).toEqual(PICTURE);
});

it('no late save of the giver, and no photo, brings it back', async () => {
  const one = await begun();
  const { phone, draft } = one;
  await phone.handDraft(draft.id, 'tam');
  await phone.saveDraft(draft, { ...draft, answers: { [NAME]: 'Muộn' } });
  const file = { bytes: PICTURE, type: 'image/jpeg', takenAt: 0 };
  expect(await phone.addPhoto(draft, 'birth_certificate', file)).toEqual({ kind: 'unknown-record' });
  expect(await phone.drafts()).toEqual([]);
  await turnTo(one, 'tam');
  await phone.takeDraft(draft.id);
  await turnTo(one, 'an');
  await phone.saveDraft(draft, draft);
  expect([await phone.drafts(), await phone.handDraft(draft.id, 'tam')]).toEqual([[], { kind: 'gone' }]);
  await turnTo(one, 'tam');
  expect((await phone.draft(draft.id))?.answers).toEqual(draft.answers);
});

it('what is written while it is being sealed goes along', async () => {
  const one = await begun();
  const { phone, draft, world } = one;
  const { handed } = world.store;
  const give = handed.give.bind(handed);
  vi.spyOn(handed, 'give').mockImplementationOnce(async (...asked) => {
    const [giving] = await Promise.all([give(...asked), phone.saveDraft(draft, { ...draft, answers: { [NAME]: 'Bé Kịp' } })]);
    return giving;
  });
  expect(await phone.handDraft(draft.id, 'tam')).toMatchObject({ kind: 'given' });
  expect(await phone.drafts()).toEqual([]);
  await turnTo(one, 'tam');
  expect((await phone.handedToUs())[0]?.draft?.answers).toEqual({ [NAME]: 'Bé Kịp' });
});

it('comes back by the other, and both hands stand in it', async () => {
  const one = await begun();
  const { phone, draft, world } = one;
  await phone.handDraft(draft.id, 'tam');
  await turnTo(one, 'tam');
  await phone.takeDraft(draft.id);
  expect(await phone.handDraft(draft.id, 'an')).toMatchObject({ kind: 'given' });
  await turnTo(one, 'an');
  await phone.takeDraft(draft.id);
  const back = await phone.draft(draft.id);
  expect(back?.hands?.map(({ seat }) => seat)).toEqual([draft.seat, 11]);
  expect(back?.seat).toBe(draft.seat);
  if (back === null) throw new Error('it came back');
  await phone.saveDraft(back, { ...back, answers: { [NAME]: 'Bé Lại' } });
  expect((await phone.draft(draft.id))?.answers).toEqual({ [NAME]: 'Bé Lại' });
  expect(await phone.picture('photo')).toEqual(PICTURE);
  expect(await namesOf(world.disk)).toEqual(['gave']);
});

it('is not offered to whom it cannot be sealed for, and it is said why', async () => {
  const one = await begun();
  const { phone, draft, world } = one;
  const { store } = world;
  const tam = (await store.seats()).find(({ person }) => person.staff === 'tam');
  const [vault] = (await store.vaults.all()).filter(({ staff }) => staff === 'tam');
  if (tam === undefined || vault === undefined) throw new Error('Tâm works here');
  expect(await phone.colleagues('09661')).toMatchObject([{ cannot: 'no-area' }]);
  await store.vaults.change(vault.id, ({ inbox, ...row }) => (inbox === undefined ? row : row));
  expect(await phone.colleagues(AREA)).toMatchObject([{ cannot: 'no-inbox' }]);
  expect(await phone.handDraft(draft.id, 'tam')).toEqual({ kind: 'no-colleague' });
  expect(await phone.handDraft(draft.id, 'an')).toEqual({ kind: 'no-colleague' });
  await store.vaults.forget(vault.id);
  expect(await phone.colleagues(AREA)).toEqual([]);
  expect(await phone.draft(draft.id)).not.toBeNull();
  await phone.lock();
  expect(await phone.handDraft(draft.id, 'tam')).toEqual({ kind: 'not-signed-in' });
});

it('stays in the inbox where a photo of it was spoilt, and where the area is no longer ours', async () => {
  const one = await begun();
  const { phone, draft, world } = one;
  await phone.handDraft(draft.id, 'tam');
  const database = await openDB(world.disk);
  const rows = (await database.getAll('kept')) as { readonly name: string; readonly sealed: Uint8Array }[];
  const photo = rows.find(({ name }) => name.startsWith('handed-photo/'));
  const seats = (await database.getAll('seats')) as { readonly person: { readonly staff: string }; readonly areas: readonly string[] }[];
  const seat = seats.find(({ person }) => person.staff === 'tam');
  if (photo === undefined || seat === undefined) throw new Error('it was handed over');
  await database.put('seats', { ...seat, areas: ['09661'] });
  await turnTo(one, 'tam');
  expect(await phone.handedToUs()).toMatchObject([{ cannot: 'no-area', hand: { seat: draft.seat } }]);
  expect(await phone.takeDraft(draft.id)).toEqual({ kind: 'no-area' });

  await database.put('seats', seat);
  const spoilt = Uint8Array.from(photo.sealed, (byte, place) => (place === 200 ? byte ^ 1 : byte));
  await database.put('kept', { ...photo, sealed: spoilt });
  expect(await phone.takeDraft(draft.id)).toEqual({ kind: 'photos-damaged' });
  expect(await phone.handedCounts()).toEqual({ handed: 1, given: 0 });

  const [row] = rows.filter(({ name }) => name.startsWith('handed/'));
  await database.put('kept', { ...row, sealed: spoilt });
  expect(await phone.handedToUs()).toMatchObject([{ id: draft.id, draft: null, cannot: 'damaged' }]);
  expect(await phone.takeDraft(draft.id, true)).toEqual({ kind: 'damaged' });
  await database.put('kept', row);
  database.close();
  // Whoever says so goes on without it.
  expect(await phone.takeDraft(draft.id, true)).toEqual({ kind: 'taken' });
  expect([(await phone.drafts()).length, await phone.photosOf(draft.record), await namesOf(world.disk)]).toEqual([1, [], ['gave']]);
});

it('counts as a draft with its photos wherever something is lost', async () => {
  const one = await begun();
  const { phone, draft, world } = one;
  expect(await phone.lossOf('an')).toMatchObject({ drafts: 1, photos: 1 });
  await phone.handDraft(draft.id, 'tam');
  expect(await phone.lossOf('an')).toMatchObject({ drafts: 0, photos: 0 });
  expect(await phone.lossOf('tam')).toMatchObject({ drafts: 1, photos: 1 });
  await phone.lock();
  await world.store.wipe('now', 1, 2);
  expect(await world.store.wiped()).toMatchObject({ drafts: 1 });
  expect(await phone.handDraft(draft.id, 'tam')).toMatchObject({ kind: 'not-signed-in' });
});

it('goes with the vault that it was given to, and its giver waits for nobody any more', async () => {
  const one = await begun();
  const { phone, draft, world } = one;
  await phone.handDraft(draft.id, 'tam');
  await phone.lock();
  await phone.signIn('tam', 'luudong-demo', { pin: PIN, forgets: true });
  expect([await phone.handedToUs(), (await namesOf(world.disk)).filter((name) => name !== 'gave')]).toEqual([[], []]);
  await turnTo(one, 'an');
  expect(await phone.handedCounts()).toEqual({ handed: 0, given: 0 });
});
