/** A vault per person: what it keeps, who opens it, and what goes on while it is locked. */
import { openDB } from 'idb';
import { expect, it, vi } from 'vitest';
import { makeVault, openByPin } from '../../src/device/vault_keys';
import { sealOne, startOne } from '../support/enrolled';
import { FakeOffice } from '../support/office';
import { OTHER_PIN, PIN, startedOn, stretch, vaultPhone } from '../support/vaults';

const NAME = 'answers.child_full_name';
const CITIZEN = 'Nguyễn Thị Bí Mật';
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on a store again
const whole = IDBObjectStore.prototype.getAll;

/** Every row that lies on a disk, as text in which a name would be seen. */
async function textOf(disk: string): Promise<string> {
  const database = await openDB(disk);
  let rows: unknown[] = [];
  for (const table of database.objectStoreNames) {
    const found: unknown[] = await database.getAll(table);
    rows = [...rows, ...found, ...(await database.getAllKeys(table))];
  }
  database.close();
  const asText = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
  return JSON.stringify(rows, asText);
}

it('keeps nothing of a citizen in the clear, and gives all of it back to its person', async () => {
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'tam');
  const record = await sealOne({ world, phone }, { [NAME]: CITIZEN });
  const draft = await startOne(phone);
  await phone.saveDraft(draft, { answers: { [NAME]: CITIZEN }, papers: {}, step: 'child' });
  await phone.keep('revisions', [{ record, reason: CITIZEN }]);
  expect(await textOf(world.disk)).not.toContain('Bí Mật');

  const again = startedOn(office, world.disk).phone;
  expect(await again.isLocked()).toBe(true);
  expect([await again.dossiers(), await again.drafts()]).toEqual([[], []]);
  expect(await again.kept('revisions')).toBeNull();
  expect(await again.unlock('tam', PIN)).toEqual({ kind: 'unlocked' });
  expect((await again.dossier(record))?.fields.get(NAME)?.head.value).toBe(CITIZEN);
  expect((await again.draft(draft.id))?.answers[NAME]).toBe(CITIZEN);
  expect(await again.kept('revisions')).toEqual([{ record, reason: CITIZEN }]);
  expect(await again.revise(record, { [NAME]: 'Bé An' }, 'sai tên')).toMatchObject({ kind: 'sealed' });
});

it('reads no dossier off the disk while it is locked', async () => {
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'tam');
  const record = await sealOne({ world, phone }, { [NAME]: CITIZEN });
  const again = startedOn(office, world.disk).phone;
  const read: string[] = [];
  const getAll = vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (this: IDBObjectStore, ...asked) {
    read.push(this.name);
    return whole.apply(this, asked);
  });
  expect(await again.held()).toEqual({ dossiers: [], work: [] });
  expect(read).not.toContain('records');
  await again.unlock('tam', PIN);
  expect((await again.dossiers()).map((one) => one.record)).toEqual([record]);
  expect(read).toContain('records');
  getAll.mockRestore();
});

it('keeps the signing key in the vault, and nobody can read it', async () => {
  const { world, phone } = await vaultPhone(await FakeOffice.open(), 'tam');
  expect((await world.store.seats())[0]?.keys?.privateKey.extractable).toBe(false);
  await phone.lock();

  expect((await world.store.seats())[0]?.keys).toBeNull();
  const database = await openDB(world.disk);
  const rows = (await database.getAll('seats')) as readonly Record<string, unknown>[];
  expect(rows[0]).not.toHaveProperty('keys');
  expect(rows[0]?.['sealedKey']).toBeInstanceOf(Uint8Array);
  database.close();
});

it('a PIN opens nothing without the phone that it was set on', async () => {
  const random = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) };
  const cost = { memoryKib: 64, passes: 1 };
  const one = await makeVault('tam', PIN, stretch, random, cost);
  const other = await makeVault('tam', PIN, stretch, random, cost);
  const stolen = { ...one.vault, binding: other.vault.binding };

  expect(await openByPin(one.vault, PIN, stretch)).not.toBeNull();
  expect(await openByPin(stolen, PIN, stretch)).toBeNull();
  expect(one.vault.binding.extractable).toBe(false);
});

it('two people on one tablet see only what is theirs', async () => {
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'an', 'tam');
  const record = await sealOne({ world, phone }, { [NAME]: CITIZEN });
  await phone.lock();
  await phone.unlock('an', PIN);

  expect(await phone.dossiers()).toEqual([]);
  expect((await phone.seats()).find(({ atWork }) => atWork)?.person.staff).toBe('an');
  expect((await sealOne({ world, phone })) === record).toBe(false);
  await phone.exchangeNow();
  expect((await phone.dossiers()).length).toBeGreaterThan(0);
  const seats = (await world.store.seats()).map(({ seat, keys }) => [seat, keys !== null]);
  expect(seats.filter(([, isOpen]) => isOpen)).toHaveLength(1);
  expect(office.shownIn(record, NAME)).toBe(CITIZEN);
});

it('a wrong PIN costs time, more each time, whatever becomes of the browser', async () => {
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'tam');
  await phone.lock();
  for (const left of [4, 3, 2, 1]) {
    expect(await phone.unlock('tam', OTHER_PIN)).toEqual({ kind: 'wrong-pin', left });
  }
  const now = world.clock.now();
  expect(await phone.unlock('tam', OTHER_PIN)).toEqual({ kind: 'waiting', until: now + 30_000 });
  const again = startedOn(office, world.disk);
  again.world.turnClock(world.clock.now() - again.world.clock.now());
  expect(await again.phone.unlock('tam', PIN)).toMatchObject({ kind: 'waiting' });

  again.world.turnClock(30_000);
  expect(await again.phone.unlock('tam', OTHER_PIN)).toMatchObject({ kind: 'waiting' });
  again.world.turnClock(59_000);
  expect(await again.phone.unlock('tam', PIN)).toMatchObject({ kind: 'waiting' });
  again.world.turnClock(1_000);
  expect(await again.phone.unlock('tam', PIN)).toEqual({ kind: 'unlocked' });
  expect((await again.phone.people())[0]).toMatchObject({ isOpen: true, waitUntil: 0 });
});

it('a clock that was put back makes nobody wait longer than was said', async () => {
  const { world, phone } = await vaultPhone(await FakeOffice.open(), 'tam');
  await phone.lock();
  for (let tries = 0; tries < 5; tries++) await phone.unlock('tam', OTHER_PIN);
  world.turnClock(-365 * 86_400_000);
  expect(await phone.unlock('tam', PIN)).toMatchObject({ until: world.clock.now() + 30_000 });
});

it('locks by itself after two minutes untouched or half a minute out of sight, or as is set', async () => {
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'tam');
  expect((await phone.device())?.locks).toEqual({ untouchedMs: 120_000, hiddenMs: 30_000 });
  await phone.lockAfter({ untouchedMs: 60_000, hiddenMs: 300_000 });
  const again = startedOn(office, world.disk).phone;
  expect((await again.device())?.locks).toEqual({ untouchedMs: 60_000, hiddenMs: 300_000 });
});

it('work that is unsent at locking is sealed, and goes while everything is locked', async () => {
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'tam');
  const record = await sealOne({ world, phone }, { [NAME]: CITIZEN });
  await phone.lock();
  expect(office.shownIn(record, NAME)).toBeNull();

  const again = startedOn(office, world.disk).phone;
  expect(await again.exchangeNow()).toMatchObject({ kind: 'done' });
  expect(office.shownIn(record, NAME)).toBe(CITIZEN);
  expect((await again.outbox()).changes).toBe(0);
  expect(await again.dossiers()).toEqual([]);
});

it('whoever is next takes along what was sealed, also as a file', async () => {
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'an', 'tam');
  const record = await sealOne({ world, phone }, { [NAME]: CITIZEN });
  await phone.lock();
  await phone.unlock('an', PIN);
  expect(await phone.exportFile('unsent', () => undefined)).toMatchObject({ kind: 'exported', carried: 1 });
  await phone.exchangeNow();

  expect(office.shownIn(record, NAME)).toBe(CITIZEN);
});

// FAULT-57
it('a forgotten PIN: says what is lost, and a new seat begins with a new vault', async () => {
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'tam');
  const sealed = await sealOne({ world, phone }, { [NAME]: CITIZEN });
  await phone.lock();
  await phone.unlock('tam', PIN);
  await sealOne({ world, phone });
  await startOne(phone);
  // The battery died: what was sealed before is in a bundle, the rest is not.
  const again = startedOn(office, world.disk).phone;
  expect(await again.lossOf('tam')).toEqual({ changes: 1, drafts: 1, photos: 0 });
  const first = { pin: OTHER_PIN, forgets: false };
  expect(await again.signIn('tam', 'luudong-demo', first)).toEqual({ kind: 'has-vault' });

  expect(await again.signIn('tam', 'luudong-demo', { ...first, forgets: true })).toMatchObject({
    kind: 'signed-in',
  });
  expect(await again.drafts()).toEqual([]);
  await again.exchangeNow();
  expect(office.shownIn(sealed, NAME)).toBe(CITIZEN);
  expect((await again.dossier(sealed))?.fields.get(NAME)?.head.value).toBe(CITIZEN);
  await again.lock();
  expect(await again.unlock('tam', PIN)).toMatchObject({ kind: 'wrong-pin' });
  expect(await again.unlock('tam', OTHER_PIN)).toEqual({ kind: 'unlocked' });
});

it('takes no PIN that anybody would guess, and asks the office for nothing then', async () => {
  const { phone, office } = await vaultPhone(await FakeOffice.open(), 'tam');
  expect(await phone.signIn('an', 'luudong-demo', { pin: PIN, forgets: false })).toEqual({
    kind: 'not-locked',
  });
  await phone.lock();
  const asked = office.requests.length;
  expect(await phone.signIn('an', 'luudong-demo', { pin: '123456', forgets: false })).toEqual({
    kind: 'bad-pin',
    fault: 'in-a-row',
  });
  expect(await phone.signIn('an', 'luudong-demo')).toMatchObject({ kind: 'bad-pin' });
  expect(office.requests).toHaveLength(asked);
});
