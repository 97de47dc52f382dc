/** Photos on their way from the camera to the office, by a door that cuts, forgets and refuses. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Darkroom } from '../../src/device/darkroom';
import { phoneWith } from '../../src/device/phone';
import { addPhoto } from '../../src/device/photos';
import type { AddPhotoOutcome, PhotoFile } from '../../src/device/shown';
import { StoreFull } from '../../src/store/port';
import type { Draft } from '../../src/store/port';
import * as chain from '../../src/sync/chain';
import { split } from '../../src/sync/change';
import { type Enrolled, joinOffice, startOne } from '../support/enrolled';
import { FakeOffice } from '../support/office';
import { TOKEN, TusDoor, cut, lostAnswer, said } from '../support/tus_door';
import { settled } from '../support/world';

const PAPER = 'birth_declaration';
const PAPERS = { [PAPER]: { state: 'handed_in', count: 1 } } as const;
/** More than two pieces of the size that a phone begins with. */
const LARGE = 600_000;

let door: TusDoor;
let here: Enrolled;

beforeEach(async () => {
  door = new TusDoor();
  const office = await FakeOffice.open();
  office.token = TOKEN;
  here = await joinOffice(office, 'tam', door);
});

describe('in a draft', () => {
  it('is on the disk as it came before anything is done with it', async () => {
    const draft = await startOne(here.phone);
    let during: unknown = null;
    door.draws = async (raw) => {
      const [photo] = await here.phone.photosOf(draft.record);
      during = [photo?.stage, await here.world.store.photos.bytes(photo?.id ?? '', 'raw')];
      return raw;
    };
    await add(draft, picture(1));
    await settled();

    expect(during).toEqual(['raw', picture(1)]);
    expect(await here.phone.photosOf(draft.record)).toMatchObject([
      { stage: 'prepared', document: PAPER, type: 'image/jpeg' },
    ]);
  });

  it('is prepared at the next start if the page was killed meanwhile (FAULT-61)', async () => {
    const draft = await startOne(here.phone);
    door.draws = () => new Promise(() => undefined);
    const place = { record: draft.record, draft, document: PAPER, instead: null };
    await addPhoto(here.world, place, fileOf(picture(1)));
    const { id } = (await here.phone.photosOf(draft.record))[0] ?? { id: '' };
    await killedAtTry(draft, 1);
    door.draws = (raw) => Promise.resolve(raw);
    const again = phoneWith(here.world);
    again.start()();
    await settled();

    expect(await again.photosOf(draft.record)).toMatchObject([{ id, stage: 'prepared' }]);
  });

  it('takes the page of the one that it replaces, also when the dossier is full of photos', async () => {
    const draft = await startOne(here.phone);
    await add(draft, picture(1));
    await add(draft, picture(2));
    const first = (await here.phone.photosOf(draft.record))[0]?.id ?? '';
    const again = await here.phone.addPhoto(draft, PAPER, fileOf(picture(3)), first);
    await settled();

    const pages = await here.phone.photosOf(draft.record);
    expect(again.kind).toBe('kept');
    expect(pages.map(({ id }) => id)).toEqual([again.kind === 'kept' ? again.id : '', expect.any(String)]);
    expect(pages.map(({ id }) => id)).not.toContain(first);
    expect(await here.phone.picture(first)).toBeNull();
  });

  it('is given up after it has killed the page three times (FAULT-61)', async () => {
    const draft = await startOne(here.phone);
    door.draws = () => new Promise(() => undefined);
    const place = { record: draft.record, draft, document: PAPER, instead: null };
    await addPhoto(here.world, place, fileOf(picture(1)));
    for (let tries = 1; tries <= 3; tries++) await killedAtTry(draft, tries);
    await new Darkroom(here.world, () => undefined).develop();

    expect(await here.phone.photosOf(draft.record)).toMatchObject([{ stage: 'unreadable' }]);
  });

  it('keeps the draft from being sealed while it cannot be read, until it is taken out', async () => {
    const draft = await startOne(here.phone);
    await add(draft, Uint8Array.of(0, 1));
    const [photo] = await here.phone.photosOf(draft.record);

    expect(photo?.stage).toBe('unreadable');
    expect(await sealWith(draft)).toEqual({ kind: 'photos-unready' });
    await here.phone.removePhoto(photo?.id ?? '');
    expect(await sealWith(draft)).toMatchObject({ kind: 'sealed' });
  });

  it('that does not fit on the disk is not kept, and the dossier is (FAULT-8)', async () => {
    const draft = await startOne(here.phone);
    const photos = new Proxy(here.world.store.photos, {
      get: (from, name): unknown =>
        name === 'add' ? () => Promise.reject(new StoreFull()) : Reflect.get(from, name, from),
    });
    const store = new Proxy(here.world.store, {
      get: (from, name): unknown => (name === 'photos' ? photos : Reflect.get(from, name, from)),
    });
    const full = phoneWith({ ...here.world, store });

    expect(await full.addPhoto(draft, PAPER, fileOf(picture(1)))).toEqual({ kind: 'store-full' });
    expect(await full.seal(draft, { answers: {}, papers: PAPERS, step: '' })).toMatchObject({
      kind: 'sealed',
    });
  });

  it('is nothing that is no photo', async () => {
    const draft = await startOne(here.phone);
    const file = { bytes: picture(1), type: 'text/html', takenAt: 0 };

    expect(await here.phone.addPhoto(draft, PAPER, file)).toEqual({ kind: 'wrong-type' });
  });

  it('leaves with the draft', async () => {
    const draft = await startOne(here.phone);
    await add(draft, picture(1));
    await here.phone.dropDraft(draft.id);

    expect(await here.world.store.photos.all()).toEqual([]);
  });

  it('is not sealed for a paper that is no longer asked for', async () => {
    const draft = await startOne(here.phone);
    await add(draft, picture(1));
    await here.phone.seal(draft, { answers: {}, papers: {}, step: '' });

    expect(await here.world.store.photos.all()).toEqual([]);
  });
});

describe('with equal photos', () => {
  it('is sealed with one of them, so that both sides count the same', async () => {
    const draft = await startOne(here.phone);
    for (const bytes of [picture(1), picture(1), picture(2)]) await add(draft, bytes);
    expect((await here.phone.photosOf(draft.record)).filter(({ hint }) => hint === 'same')).toHaveLength(1);

    const outcome = await sealWith(draft);
    await here.phone.exchangeNow();

    expect(outcome).toMatchObject({ kind: 'sealed', record: draft.record });
    expect(door.held.size).toBe(2);
    expect(await here.phone.dossierTruth(draft.record)).toMatchObject({ place: 'received', photos: { held: 2, of: 2 } });
    expect(await here.phone.photosOf(draft.record)).toHaveLength(2);
  });

  it('is no equal any more once the other is taken out', async () => {
    const draft = await startOne(here.phone);
    for (const bytes of [picture(1), picture(1)]) await add(draft, bytes);
    await here.phone.removePhoto((await here.phone.photosOf(draft.record))[0]?.id ?? '');

    expect((await here.phone.photosOf(draft.record)).map(({ hint }) => hint)).toEqual([null]);
  });

  it('says so when one comes to a sealed dossier that has it already', async () => {
    const { record } = await sealed([picture(4)]);

    expect(await here.phone.supplement(record, { id: PAPER, count: 1 }, fileOf(picture(4)), 'bổ sung')).toEqual({ kind: 'same-photo' });
    expect(await here.phone.photosOf(record)).toHaveLength(1);
  });
});

describe('after sealing', () => {
  it('is named in the change by its digest', async () => {
    const { record } = await sealed([picture(1)]);
    const [photo] = await here.world.store.photos.of(record);
    const dossier = await here.phone.dossier(record);

    expect(dossier?.fields.get(`attachments.${photo?.digest ?? ''}`)?.head.value).toEqual({
      document: PAPER,
      size: 40,
      type: 'image/jpeg',
      taken: photo?.taken,
    });
  });

  it('follows the text, and only then is the dossier received', async () => {
    const { record } = await sealed([picture(1), picture(2)]);
    let during: unknown = null;
    door.fails('PATCH', async (answer) => {
      during = [here.office.state(record) !== null, await here.phone.dossierTruth(record)];
      return await answer();
    });
    await here.phone.exchangeNow();

    expect(during).toEqual([
      true,
      { place: 'sending', photos: { held: 0, of: 2 }, isWaiting: false },
    ]);
    expect(door.held.size).toBe(2);
    expect(await here.phone.dossierTruth(record)).toMatchObject({
      place: 'received',
      photos: { held: 2, of: 2 },
    });
    expect(await here.phone.outbox()).toMatchObject({ photos: 0, photoBytes: 0, records: [] });
  });

  it('goes on where the office has it after a cut, also in another life (FAULT-12)', async () => {
    const { record } = await sealed([picture(1, LARGE)]);
    let pieces = 0;
    const second = async (answer: () => ReturnType<typeof cut>): ReturnType<typeof cut> =>
      pieces++ === 0 ? await answer() : await cut(answer, request());
    door.fails('PATCH', second);
    door.fails('PATCH', second);
    const first = await here.phone.exchangeNow();
    const left = await here.phone.outbox();
    const again = phoneWith(here.world);
    await again.exchangeNow();

    expect(first).toEqual({ kind: 'offline' });
    expect(left.photoBytes).toBe(LARGE - 256 * 1024);
    expect(door.count('POST')).toBe(1);
    expect(bytesSent()).toBeLessThan(LARGE + 512 * 1024);
    expect(await again.dossierTruth(record)).toMatchObject({ place: 'received' });
  });

  it('asks where the office is when an answer was lost', async () => {
    await sealed([picture(1)]);
    door.fails('PATCH', lostAnswer);
    await here.phone.exchangeNow();
    await here.phone.exchangeNow();

    expect(door.held.size).toBe(1);
    expect(door.count('PATCH')).toBe(1);
  });

  it.each([404, 410])('begins anew when the upload is gone with %i (FAULT-55)', async (status) => {
    await sealed([picture(1)]);
    door.fails('PATCH', () => Promise.resolve(said(status)));
    await here.phone.exchangeNow();

    expect(door.held.size).toBe(1);
    expect(door.count('POST')).toBe(2);
  });

  it('begins anew when the upload was gone before it was asked for (FAULT-55)', async () => {
    await sealed([picture(1, LARGE)]);
    door.fails('PATCH', cut);
    await here.phone.exchangeNow();
    door.uploads.clear();
    await here.phone.exchangeNow();

    expect(door.held.size).toBe(1);
  });

  it('asks for the offset when the office is elsewhere (FAULT-55)', async () => {
    await sealed([picture(1)]);
    door.fails('PATCH', () => Promise.resolve(said(409)));
    await here.phone.exchangeNow();

    expect(door.held.size).toBe(1);
    expect(door.count('POST')).toBe(1);
  });

  it('comes once more when bytes were spoilt on the way, then in the next round', async () => {
    await sealed([picture(1)]);
    for (let times = 0; times < 2; times++) door.fails('PATCH', () => Promise.resolve(said(460)));
    await here.phone.exchangeNow();

    expect(door.count('PATCH')).toBe(2);
    await here.phone.exchangeNow();
    expect(door.held.size).toBe(1);
  });

  it('that the office refuses waits for a person and keeps nothing else waiting', async () => {
    const { record } = await sealed([picture(1), picture(2)]);
    door.fails('PATCH', () => Promise.resolve(said(415)));
    await here.phone.exchangeNow();

    expect(door.held.size).toBe(1);
    expect(await here.phone.dossierTruth(record)).toEqual({
      place: 'attention',
      why: 'photo-refused-by-office',
    });
    expect(await here.phone.outbox()).toMatchObject({ photos: 0, records: [record] });
    const bad = (await here.phone.photosOf(record)).find(({ stage }) => stage === 'refused');
    const outcome = await here.phone.replacePhoto(bad?.id ?? '', fileOf(picture(3)), 'mờ');
    expect(outcome).toMatchObject({ kind: 'sealed' });
    await here.phone.exchangeNow();
    expect(await here.phone.dossierTruth(record)).toMatchObject({
      place: 'received',
      photos: { held: 2, of: 2 },
    });
  });

  it('that the office does not know is tried again, and says since when (UX-38)', async () => {
    const { record } = await sealed([picture(1)]);
    door.fails('POST', () => Promise.resolve(said(404)));
    await here.phone.exchangeNow();
    const first = here.office.time;
    door.fails('POST', () => Promise.resolve(said(404)));
    here.world.turnClock(60_000);
    await here.phone.exchangeNow();

    expect(await here.phone.dossierTruth(record)).toEqual({
      place: 'attention',
      why: 'photo-unknown',
    });
    const [photo] = await here.phone.photosOf(record);
    expect(Math.abs((photo?.unknownSince ?? 0) - first)).toBeLessThan(60_000);
    expect(await here.phone.outbox()).toMatchObject({ photos: 1, records: [record] });
    await here.phone.exchangeNow();
    expect(await here.phone.dossierTruth(record)).toMatchObject({ place: 'received' });
    expect(await here.phone.photosOf(record)).toMatchObject([{ unknownSince: null }]);
  });

  it('that was spoilt on this disk is never sent (FAULT-6)', async () => {
    const { record } = await sealed([picture(1)]);
    const bytes = here.world.store.photos.bytes.bind(here.world.store.photos);
    const photos = new Proxy(here.world.store.photos, {
      get: (from, name): unknown =>
        name === 'bytes'
          ? async (...given: Parameters<typeof bytes>) => (await bytes(...given))?.fill(9) ?? null
          : Reflect.get(from, name, from),
    });
    const store = new Proxy(here.world.store, {
      get: (from, name): unknown => (name === 'photos' ? photos : Reflect.get(from, name, from)),
    });
    await phoneWith({ ...here.world, store }).exchangeNow();

    expect(door.requests).toEqual([]);
    expect(await here.phone.dossierTruth(record)).toMatchObject({ why: 'photo-damaged-here' });
  });

  it('that this disk gives back as something else is named, and the other one goes (FAULT-19)', async () => {
    const { record } = await sealed([picture(1), picture(2)]);
    const [spoilt, whole] = await here.world.store.photos.of(record);
    const bytes = here.world.store.photos.bytes.bind(here.world.store.photos);
    vi.spyOn(here.world.store.photos, 'bytes').mockImplementation(async (id, part) => {
      const found = await bytes(id, part);
      return id === spoilt?.id ? (found?.fill(9) ?? null) : found;
    });
    await here.phone.exchangeNow();

    const stages = (await here.phone.photosOf(record)).map(({ id, stage }) => [id, stage]);
    expect(stages).toEqual([
      [spoilt?.id, 'refused'],
      [whole?.id, 'held'],
    ]);
    expect(await here.phone.dossierTruth(record)).toMatchObject({ why: 'photo-damaged-here' });
    expect(here.office.shownIn(record, 'procedure')).toBe('1.001193');
  });

  it('needs no bytes where the office has them', async () => {
    const { record } = await sealed([picture(1)]);
    const [photo] = await here.world.store.photos.of(record);
    const withHyphens = [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]]
      .map(([from, to]) => record.slice(from, to))
      .join('-');
    door.held.set(`${withHyphens}/${photo?.digest ?? ''}`, picture(1).map((byte) => byte ^ 1));
    await here.phone.exchangeNow();

    expect(door.count('PATCH')).toBe(0);
    expect(await here.phone.dossierTruth(record)).toMatchObject({ place: 'received' });
  });

  it('waits as long as the office asks for', async () => {
    await sealed([picture(1)]);
    door.fails('PATCH', () => Promise.resolve(said(503, { 'Retry-After': '120' })));

    expect(await here.phone.exchangeNow()).toEqual({ kind: 'busy', retryAfterSeconds: 120 });
  });

  it('takes no portal for the office', async () => {
    await sealed([picture(1)]);
    const portal = { status: 200, header: () => null, body: new Uint8Array() };
    door.fails('POST', () => Promise.resolve(portal));

    expect(await here.phone.exchangeNow()).toEqual({ kind: 'captive' });
    expect((await here.phone.outbox()).photos).toBe(1);
  });

  it('gets another token when the hour of the first is over', async () => {
    await sealed([picture(1)]);
    door.token = 'token-2';
    door.fails('POST', async (answer) => {
      here.office.token = 'token-2';
      return await answer();
    });
    await here.phone.exchangeNow();

    expect(door.held.size).toBe(1);
  });

  it('rests between two pieces when the person switches sending off', async () => {
    await sealed([picture(1, LARGE)]);
    const stop = here.phone.start();
    door.fails('PATCH', async (answer) => {
      await here.phone.workOffline(true);
      return await answer();
    });
    await settled();

    expect(door.count('PATCH')).toBe(1);
    expect(here.phone.connection().state).toBe('paused');
    await here.phone.workOffline(false);
    await settled();
    expect(door.held.size).toBe(1);
    stop();
  });

  it('lets text that is sealed meanwhile go first', async () => {
    await sealed([picture(1, LARGE)]);
    const stop = here.phone.start();
    let later = '';
    door.fails('PATCH', async (answer) => {
      later = (await sealed([])).record;
      return await answer();
    });
    const asked: number[] = [];
    door.fails('HEAD', async (answer) => {
      asked.push(here.office.state(later) === null ? 0 : 1);
      return await answer();
    });
    await settled();

    expect(asked).toEqual([1]);
    expect(door.held.size).toBe(1);
    stop();
  });

  it('leaves the phone only when a backup covers a change that is younger than it', async () => {
    const { record } = await sealed([picture(1)]);
    await here.phone.exchangeNow();
    here.office.safe.set(11, 1);
    await here.phone.exchangeNow();
    const [first] = await here.world.store.photos.of(record);
    await here.phone.revise(record, { 'answers.child_full_name': 'Bé An' }, 'nhầm');
    here.office.safe.set(11, 2);
    await here.phone.exchangeNow();
    await here.phone.exchangeNow();
    const [photo] = await here.world.store.photos.of(record);

    expect(first?.hasBytes).toBe(true);
    expect(photo).toMatchObject({ stage: 'held', hasBytes: false });
    expect(await here.phone.dossierTruth(record)).toMatchObject({ photos: { held: 1, of: 1 } });
  });

  it('leaves it also while another one waits that the office does not know', async () => {
    const unknown = await sealed([picture(2)]);
    door.fails('POST', () => Promise.resolve(said(404)));
    await here.phone.exchangeNow();
    const { record } = await sealed([picture(1)]);
    door.fails('POST', () => Promise.resolve(said(404)));
    await here.phone.exchangeNow();
    await here.phone.revise(record, { 'answers.child_full_name': 'Bé An' }, 'nhầm');
    here.office.safe.set(11, 3);
    door.fails('POST', () => Promise.resolve(said(404)));
    await here.phone.exchangeNow();

    const { photos } = here.world.store;
    expect(await photos.of(unknown.record)).toMatchObject([{ stage: 'named', hasBytes: true }]);
    expect(await photos.of(record)).toMatchObject([{ stage: 'held', hasBytes: false }]);
  });

  it('goes again to an office that was put back to an earlier day', async () => {
    await sealed([picture(1)]);
    await here.phone.exchangeNow();
    door.held.clear();
    here.office.epoch = 2;
    await here.phone.exchangeNow();

    expect(door.held.size).toBe(1);
  });

  it('goes only by the tab that sends', async () => {
    await sealed([picture(1)]);
    const tabs = { ...here.world.tabs, alone: () => Promise.resolve('busy' as const) };
    await phoneWith({ ...here.world, tabs }).exchangeNow();

    expect(door.requests).toEqual([]);
  });

  it('of another person waits for that person', async () => {
    await sealed([picture(1)]);
    await here.phone.signIn('binh', 'luudong-demo');
    await here.phone.exchangeNow();

    expect(door.requests).toEqual([]);
  });
});

describe('of a sealed dossier', () => {
  const paper = { id: PAPER, count: 1 };

  it('is added by a revision, and sent', async () => {
    const { record } = await sealed([]);
    await here.phone.exchangeNow();
    const outcome = await here.phone.supplement(record, paper, fileOf(picture(4)), 'bổ sung');

    expect(outcome).toEqual({ kind: 'sealed', record });
    const notes = (await here.phone.dossier(record))?.notes ?? [];
    expect(notes.at(-1)).toMatchObject({ kind: 'revision', reason: 'bổ sung' });
    await here.phone.exchangeNow();
    expect(door.held.size).toBe(1);
    expect(await here.phone.dossierTruth(record)).toMatchObject({ photos: { held: 1, of: 1 } });
  });

  it('puts a paper that was missing in hand', async () => {
    const { record } = await sealed([]);
    const missing = { id: 'marriage_certificate', count: 2 };
    await here.phone.revise(record, { 'papers.marriage_certificate': { state: 'missing', count: 0 } }, 'x');
    await here.phone.supplement(record, missing, fileOf(picture(4)), 'bổ sung');

    const field = (await here.phone.dossier(record))?.fields.get('papers.marriage_certificate');
    expect(field?.head.value).toEqual({ state: 'handed_in', count: 2 });
  });

  it('is not said to be kept where it is no picture', async () => {
    const { record } = await sealed([]);
    const outcome = await here.phone.supplement(record, paper, fileOf(Uint8Array.of(0, 1)), 'bổ sung');

    expect(outcome).toEqual({ kind: 'photos-unready' });
    expect(await here.phone.photosOf(record)).toEqual([]);
  });

  it('that a killed page left beside it is named later, or taken out', async () => {
    const { record } = await sealed([]);
    for (const fill of [4, 5]) {
      await addPhoto(here.world, { record, draft: null, document: PAPER }, fileOf(picture(fill)));
    }
    const again = phoneWith(here.world);
    again.start()();
    await settled();
    const [first, second] = await again.photosOf(record);

    expect(await again.namePhoto(first?.id ?? '', paper, 'bổ sung')).toMatchObject({ kind: 'sealed' });
    await again.removePhoto(second?.id ?? '');
    expect(await again.photosOf(record)).toMatchObject([{ stage: 'named' }]);
  });
});

describe('of a phone that hands in', () => {
  beforeEach(async () => {
    await here.phone.exchangeNow();
  });

  async function revoke(): Promise<void> {
    for (const device of here.office.devices.values()) device.status = 'revoked';
    here.office.order = await here.office.signedOrder(2, 3, 'hand-in');
  }

  // FAULT-47
  it('is waited for by the wipe, whoever took it', async () => {
    await sealed([picture(1), picture(2, LARGE)]);
    await here.phone.signIn('binh', 'luudong-demo');
    await revoke();
    door.fails('PATCH', cut);

    expect((await here.phone.exchangeNow()).kind).toBe('offline');
    expect(await here.phone.wiped()).toBeNull();
    expect((await here.phone.outbox()).photos).toBe(2);
    expect(await here.phone.exchangeNow()).toEqual({ kind: 'wiped' });
    expect(door.held.size).toBe(2);
    expect(await here.phone.wiped()).toMatchObject({ changes: 0, photos: 0, isDone: true });
  });

  it('is counted as lost, and not waited for, where the office does not want it', async () => {
    await sealed([picture(1)]);
    await revoke();
    door.fails('POST', () => Promise.resolve(said(404)));

    expect(await here.phone.exchangeNow()).toEqual({ kind: 'wiped' });
    expect(await here.phone.wiped()).toMatchObject({ photos: 1 });
  });

  it('is lost by an order to wipe at once, and counted', async () => {
    await sealed([picture(1)]);
    await revoke();
    here.office.order = await here.office.signedOrder(2, 4, 'now');

    expect(await here.phone.exchangeNow()).toEqual({ kind: 'wiped' });
    expect(door.requests).toEqual([]);
    expect(await here.phone.wiped()).toMatchObject({ photos: 1 });
  });
});

describe('of a dossier that is erased by law', () => {
  it.each([
    ['the office has', true],
    ['waits', false],
  ])('goes from the phone where it %s, and another dossier keeps its own', async (_, isSent) => {
    const { record } = await sealed([picture(1)]);
    const { record: other } = await sealed([picture(2)]);
    if (!isSent) door.fails('POST', () => Promise.resolve(said(503)));
    await here.phone.exchangeNow();
    const [photo] = await here.phone.photosOf(record);
    const [entry] = await here.world.store.entriesAfter(11, 0, 1, 1_000_000);
    if (photo === undefined || entry === undefined) throw new Error('nothing is sealed');
    const hash = chain.bodyHash(split(entry.change)[1]);
    here.office.shown = [await here.office.signedErasures(1, [[11, 1, hash]])];

    await here.phone.exchangeNow();

    const { photos } = here.world.store;
    expect(await photos.of(record)).toEqual([]);
    expect(await photos.bytes(photo.id, 'whole')).toBeNull();
    expect(await photos.bytes(photo.id, 'thumbnail')).toBeNull();
    expect(await photos.of(other)).toHaveLength(1);
  });

  it.each([
    ['waits to be sent', false, 8],
    ['is dropped here', true, 8],
    ['waits, and nobody knows the branch any more', false, 0],
  ])('stays where a copy wrote what is erased, and the own change %s', async (_, isDropped, tag) => {
    const { record } = await sealed([picture(1)]);
    const { store } = here.world;
    if (isDropped) await store.dropEntries(11, 1);
    const other = { seat: 11, seq: 1, hash: new Uint8Array(32), tag: new Uint8Array(tag) };

    await store.erase({ office: 'test-office', number: 1, entries: [other] });

    expect(await store.photos.of(record)).toHaveLength(1);
  });
});

/** A page that dies while it draws: nothing of it ever ends. */
async function killedAtTry(draft: Draft, tries: number): Promise<void> {
  const tabs = { ...here.world.tabs, alone: <T>(_name: string, deed: () => Promise<T>) => deed() };
  void new Darkroom({ ...here.world, tabs }, () => undefined).develop();
  await vi.waitFor(async () => {
    const [photo] = await here.world.store.photos.of(draft.record);
    expect(photo?.tries).toBe(tries);
  });
}

async function add(draft: Draft, bytes: PhotoFile['bytes']): Promise<AddPhotoOutcome> {
  const outcome = await here.phone.addPhoto(draft, PAPER, fileOf(bytes));
  await settled();
  return outcome;
}

async function sealWith(draft: Draft): ReturnType<typeof here.phone.seal> {
  return await here.phone.seal(draft, { answers: {}, papers: PAPERS, step: '' });
}

async function sealed(pictures: readonly PhotoFile['bytes'][]): Promise<{ record: string }> {
  const draft = await startOne(here.phone);
  here.world.turnClock(1_000);
  for (const each of pictures) await here.phone.addPhoto(draft, PAPER, fileOf(each));
  const outcome = await sealWith(draft);
  if (outcome.kind !== 'sealed') throw new Error(outcome.kind);
  return { record: outcome.record };
}

function picture(fill: number, size = 40): PhotoFile['bytes'] {
  return new Uint8Array(size).fill(fill + 1);
}

function fileOf(bytes: PhotoFile['bytes']): PhotoFile {
  return { bytes, type: 'image/jpeg', takenAt: 0 };
}

function request(): Parameters<typeof cut>[1] {
  return { method: 'PATCH', address: '', headers: {}, body: null };
}

function bytesSent(): number {
  return door.requests.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
}
