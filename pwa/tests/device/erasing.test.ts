/** What the office erased by law goes from the phone's logs and states, and does not come back. */
import { beforeEach, expect, it } from 'vitest';
import { newKeys } from '../../src/device/keys';
import * as chain from '../../src/sync/chain';
import { split } from '../../src/sync/change';
import type { Erasure } from '../../src/sync/erasures';
import { type Enrolled, cloneOf, enrolledPhone, sealOne } from '../support/enrolled';

const NAME = 'Trần Thị Không Ai Biết';

let here: Enrolled;
let record: string;

beforeEach(async () => {
  here = await enrolledPhone();
  record = await sealOne(here, { 'answers.child_full_name': NAME });
  await here.phone.exchangeNow();
});

async function bodyHash(): Promise<Uint8Array<ArrayBuffer>> {
  return (await erasureOf(here, 1)).hash;
}

/** A change of a phone's own log, as a list names it. */
async function erasureOf({ world }: Enrolled, seq: number): Promise<Erasure> {
  const [entry] = await world.store.entriesAfter(11, seq - 1, 1, 1_000_000);
  if (entry === undefined) throw new Error('the log is empty');
  const hash = chain.bodyHash(split(entry.change)[1]);
  return { seat: 11, seq, hash, tag: chain.tag(entry.head) };
}

async function bytesOnThePhone({ world: { store } } = here): Promise<string> {
  const entries = await store.entriesAfter(11, 0, 100, 1_000_000);
  const records = await store.records();
  const bytes = [...entries.map(({ change }) => change), ...records.map(({ state }) => state)];
  return bytes.map((one) => new TextDecoder().decode(one)).join('');
}

it.each([
  ['names the branch', true],
  ['does not, as lists of before', false],
])('drops bodies and values of a list that %s, and asks for no older one', async (_, isTagged) => {
  const { hash, tag } = await erasureOf(here, 1);
  const entry = isTagged ? ([11, 1, hash, tag] as const) : ([11, 1, hash] as const);
  here.office.shown = [await here.office.signedErasures(4, [entry])];
  expect(await bytesOnThePhone()).toContain(NAME);

  await here.phone.exchangeNow();

  expect(await bytesOnThePhone()).not.toContain(NAME);
  const shown = (await here.phone.dossier(record))?.fields.get('answers.child_full_name');
  expect(shown?.head.value).toEqual({ erased: true });
  await here.phone.exchangeNow();
  expect(here.office.lists.at(-1)).toBe(4);
});

it('keeps the log sendable: an office that was restored verifies it without the body', async () => {
  const hash = await bodyHash();
  here.office.shown = [await here.office.signedErasures(4, [[11, 1, hash]])];
  await here.phone.exchangeNow();
  const log = here.office.logs.get(11);
  log?.changes.splice(0);
  here.office.epoch = 2;

  await here.phone.exchangeNow();
  const again = await here.phone.revise(record, { 'answers.phone': '1' }, 'Thêm số');
  await here.phone.exchangeNow();

  expect(again.kind).toBe('sealed');
  expect(log?.changes).toHaveLength(2);
  expect(chain.isErased(log?.changes[0]?.bodyBytes ?? new Uint8Array())).toBe(true);
  expect(await bytesOnThePhone()).not.toContain(NAME);
});

it('drops them from what the office gave, and from what was to be offered back to it', async () => {
  const { store } = here.world;
  const stored = await store.record(record);
  if (stored === null) throw new Error('no record');
  const { state, version } = stored;
  const word = { state, mac: Uint8Array.of(1) };
  const given = { ...word, epoch: 1, isOffered: false };
  await store.saveOffers([{ ...stored, version: version + 1, given }], [{ ...word, id: 'a/1' }]);
  const entries = [await erasureOf(here, 1)];

  await store.erase({ office: 'test-office', number: 4, entries });

  expect(await bytesOnThePhone()).not.toContain(NAME);
  expect(await store.offers(1, 1)).toEqual([]);
  const left = (await store.record(record))?.given;
  expect(new TextDecoder().decode(left?.state ?? state)).not.toContain(NAME);
  // No office would know by its mark what it gave.
  expect(left?.mac).toHaveLength(0);
});

it('leaves what a copy of the phone wrote in the same place of the log', async () => {
  const copy = await cloneOf(here);
  const kept = await sealOne(here, { 'answers.child_full_name': 'Bé Giữ Lại' });
  const gone = await sealOne(copy, { 'answers.child_full_name': 'Bé Đã Xoá' });
  const given = await copy.world.store.record(gone);
  if (given === null) throw new Error('no record');
  await here.world.store.saveOffers([{ ...given, version: 1 }], []);
  const list = { office: 'test-office', number: 4, entries: [await erasureOf(copy, 2)] };

  await here.world.store.erase(list);
  await copy.world.store.erase(list);

  const name = (await here.phone.dossier(kept))?.fields.get('answers.child_full_name');
  expect(name?.head.value).toBe('Bé Giữ Lại');
  expect(await bytesOnThePhone()).toContain('Bé Giữ Lại');
  // What the copy wrote goes from both, also from what the office gave of it.
  expect(await bytesOnThePhone()).not.toContain('Bé Đã Xoá');
  expect(await bytesOnThePhone(copy)).not.toContain('Bé Đã Xoá');
});

it('does not take a value back that another still sends', async () => {
  const hash = await bodyHash();
  here.office.shown = [await here.office.signedErasures(4, [[11, 1, hash]])];
  await here.phone.exchangeNow();
  // The fake office folds the log that it still has whole, and sends that state once more.
  here.office.touch(record);

  await here.phone.exchangeNow();

  expect(await bytesOnThePhone()).not.toContain(NAME);
});

it.each([
  ['signed by somebody else', 5, 'foreign'],
  ['of a body that is another', 5, 'other'],
  ['that is old', 3, 'old'],
])('heeds no list %s', async (_, number, kind) => {
  const hash = await bodyHash();
  await here.world.store.changeDevice((now) => ({ ...now, erasures: 4 }));
  const listed = kind === 'other' ? new Uint8Array(32) : hash;
  const keys = kind === 'foreign' ? await newKeys() : undefined;
  const seat = kind === 'other' ? 12 : 11;
  here.office.shown = [await here.office.signedErasures(number, [[seat, 1, listed]], keys)];

  await here.phone.exchangeNow();

  expect(await bytesOnThePhone()).toContain(NAME);
});
