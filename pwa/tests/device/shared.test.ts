/** Papers shared into the app while it is locked: sealed by the worker, opened by their person alone. */
import { openDB } from 'idb';
import { afterEach, expect, it, vi } from 'vitest';
import { makeInbox } from '../../src/device/shared';
import { FIELD, takeShared } from '../../src/worker/shared';
import { type Enrolled, startOne } from '../support/enrolled';
import { FakeOffice } from '../support/office';
import { PIN, startedOn, vaultPhone } from '../support/vaults';

const BYTES = new TextEncoder().encode('ảnh giấy chứng sinh của bé Bí Mật');
const NAME = 'giay-chung-sinh-be-bi-mat.jpg';
const PAPER = new File([BYTES], NAME, { type: 'image/jpeg' });

afterEach(() => {
  vi.restoreAllMocks();
});

function form(...files: readonly File[]): Request {
  const body = new FormData();
  for (const file of files) body.append(FIELD, file);
  return new Request('https://office.test/app/share', { method: 'POST', body });
}

async function lockedPhone(...staff: readonly string[]): Promise<Enrolled> {
  const enrolled = await vaultPhone(await FakeOffice.open(), ...staff);
  await makeInbox(enrolled.world);
  await enrolled.phone.lock();
  return enrolled;
}

async function rowsOf(disk: string): Promise<{ vault: string; name: string; sealed: Uint8Array<ArrayBuffer> }[]> {
  const database = await openDB(disk);
  const rows = (await database.getAll('kept')) as { vault: string; name: string; sealed: Uint8Array<ArrayBuffer> }[];
  database.close();
  return rows.filter(({ name }) => name.startsWith('shared/'));
}

it('lies sealed on a locked phone, without its name, and opens for its person after a new start', async () => {
  const { world, office } = await lockedPhone('tam');
  expect(await takeShared(form(PAPER), world.disk)).toBe('#/shared?kept=1');
  const [row, ...others] = await rowsOf(world.disk);
  const lying = row === undefined ? '' : row.name + new TextDecoder('latin1').decode(row.sealed);
  const legible = new TextDecoder('latin1').decode(BYTES);
  expect([others, lying.includes(legible.slice(0, 12)), lying.includes('chung-sinh'), lying.includes('image/jpeg')])
    .toEqual([[], false, false, false]);

  const { phone } = startedOn(office, world.disk);
  expect([await phone.sharedPapers(), await phone.sharedCount(), await phone.sharedSince()]).toEqual([[], 0, null]);
  expect(await phone.unlock('tam', PIN)).toEqual({ kind: 'unlocked' });
  expect(await phone.sharedCount()).toBe(1);
  const [paper] = await phone.sharedPapers();
  // How long it waits is told without opening it.
  expect([await phone.sharedSince(), Date.now() - (paper?.sharedAt ?? 0) < 60_000]).toEqual([paper?.sharedAt, true]);
  expect(paper?.file).toMatchObject({ bytes: BYTES, type: 'image/jpeg' });
});

it('is a photo of the dossier like any other once it is placed, and waits no more', async () => {
  const { world, office } = await lockedPhone('tam');
  await takeShared(form(PAPER, PAPER), world.disk);
  const { phone } = startedOn(office, world.disk);
  await phone.unlock('tam', PIN);
  const draft = await startOne(phone);
  const [first, second] = await phone.sharedPapers();
  if (first === undefined || second === undefined) throw new Error('two were shared');
  expect(await phone.addPhoto(draft, 'birth_certificate', first.file)).toMatchObject({ kind: 'kept' });
  await phone.dropShared(first.name);
  expect((await phone.photosOf(draft.record)).map(({ document }) => document)).toEqual(['birth_certificate']);
  expect((await phone.sharedPapers()).map(({ name }) => name)).toEqual([second.name]);
});

it('is for whoever was at work last, and nobody else here sees it', async () => {
  const { world, office } = await lockedPhone('tam', 'an');
  await takeShared(form(PAPER), world.disk);
  const { phone } = startedOn(office, world.disk);
  await phone.unlock('tam', PIN);
  expect([await phone.sharedPapers(), await phone.sharedCount()]).toEqual([[], 0]);
  await phone.lock();
  await phone.unlock('an', PIN);
  expect(await phone.sharedCount()).toBe(1);
});

it('keeps the pair of a vault for good: what was sealed for it stays readable', async () => {
  const { world, office } = await lockedPhone('tam');
  await takeShared(form(PAPER), world.disk);
  const again = startedOn(office, world.disk);
  await again.phone.unlock('tam', PIN);
  await Promise.all([makeInbox(again.world), makeInbox(again.world)]);
  expect((await again.phone.sharedPapers())[0]?.file.type).toBe('image/jpeg');
});

it('says what it does not take: other files, too large ones, a form that was cut', async () => {
  const { world } = await lockedPhone('tam');
  const words = new File(['x'], 'a.docx', { type: 'application/msword' });
  const large = new File([], 'a.jpg', { type: 'image/jpeg' });
  vi.spyOn(File.prototype, 'size', 'get').mockReturnValueOnce(61 * 1024 * 1024);
  expect(await takeShared({ formData: () => Promise.resolve(formOf(large, words, PAPER)) } as Request, world.disk))
    .toBe('#/shared?kept=1&not=file-too-large&not=wrong-type');
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  const cut = new Request('https://office.test/app/share', { method: 'POST', headers, body: '--x\r\nContent' });
  expect(await takeShared(cut, world.disk)).toBe('#/shared?kept=0&not=unread');
  expect(await takeShared(form(), world.disk)).toBe('#/shared?kept=0&not=unread');
});

function formOf(...files: readonly File[]): FormData {
  const made = new FormData();
  vi.spyOn(made, 'getAll').mockReturnValue([...files]);
  return made;
}

it('says that nobody is there, and makes no database of its own', async () => {
  expect(await takeShared(form(PAPER), 'no-such-phone')).toBe('#/shared?kept=0&not=nobody');
  expect((await indexedDB.databases()).some(({ name }) => name === 'no-such-phone')).toBe(false);

  const { world } = await lockedPhone('tam');
  await world.store.wipe('now', 1, 2);
  expect(await takeShared(form(PAPER), world.disk)).toBe('#/shared?kept=0&not=nobody');
});

it('says that the disk is full, and takes no more than can be looked through', async () => {
  const { world, phone } = await lockedPhone('tam');
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(function abortFull(this: IDBObjectStore) {
    const full = new DOMException('full', 'QuotaExceededError');
    Object.defineProperty(this.transaction, 'error', { value: full });
    this.transaction.abort();
    return {} as IDBRequest<IDBValidKey>;
  });
  expect(await takeShared(form(PAPER), world.disk)).toBe('#/shared?kept=0&not=store-full');
  const many = Array.from({ length: 31 }, () => PAPER);
  expect(await takeShared(form(...many), world.disk)).toBe('#/shared?kept=30&not=too-many');
  expect(await phone.lossOf('tam')).toMatchObject({ photos: 30 });
});

it('shows what the disk spoilt as unreadable, beside the others', async () => {
  const { world, office } = await lockedPhone('tam');
  await takeShared(form(PAPER, PAPER), world.disk);
  const [row] = await rowsOf(world.disk);
  if (row === undefined) throw new Error('two were shared');
  row.sealed[row.sealed.length - 1] = (row.sealed.at(-1) ?? 0) ^ 1;
  const database = await openDB(world.disk);
  await database.put('kept', row);
  database.close();
  const { phone } = startedOn(office, world.disk);
  await phone.unlock('tam', PIN);
  expect((await phone.sharedPapers()).map(({ file }) => file.type)).toEqual(['', 'image/jpeg']);
});

it('goes with its vault when its person begins anew', async () => {
  const { world, office } = await lockedPhone('tam');
  await takeShared(form(PAPER), world.disk);
  const { phone } = startedOn(office, world.disk);
  await phone.signIn('tam', 'luudong-demo', { pin: PIN, forgets: true });
  expect([await phone.sharedCount(), await rowsOf(world.disk)]).toEqual([0, []]);
});
