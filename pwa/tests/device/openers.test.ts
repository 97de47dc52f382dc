/** Another PIN, and a passkey beside it: what opens a vault changes, and nothing in it. */
import { openDB } from 'idb';
import { expect, it } from 'vitest';
import type { World } from '../../src/device/world';
import { changePin } from '../../src/device/openers';
import type { Vault, VaultTable } from '../../src/store/port';
import { sealOne, startOne } from '../support/enrolled';
import { FakeOffice } from '../support/office';
import { FakeLock, OTHER_PIN, PIN, startedOn, vaultPhone } from '../support/vaults';

const WRONG_PIN = '190574';
const NAME = 'answers.child_full_name';

/** Every row of a disk but the vaults' own. */
async function rowsOf(disk: string): Promise<string> {
  const database = await openDB(disk);
  const names = Array.from(database.objectStoreNames).filter((name) => name !== 'vaults');
  const rows = await Promise.all(names.map(async (name) => [name, (await database.getAll(name)) as unknown]));
  database.close();
  return JSON.stringify(rows);
}

it('another PIN opens the same vault, and the one of before opens it no more', async () => {
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'an', 'tam');
  const record = await sealOne({ world, phone }, { [NAME]: 'Bé An' });
  const draft = await startOne(phone);
  const before = await rowsOf(world.disk);
  const [first] = (await world.store.vaults.all()).filter(({ staff }) => staff === 'tam');
  expect(await phone.changePin(PIN, OTHER_PIN)).toEqual({ kind: 'changed' });

  expect(await rowsOf(world.disk)).toBe(before);
  const [next] = (await world.store.vaults.all()).filter(({ staff }) => staff === 'tam');
  expect(next).toMatchObject({ id: first?.id, misses: 0, waitUntil: 0 });
  expect(next?.salt).not.toEqual(first?.salt);
  expect(await phone.isLocked()).toBe(false);
  await phone.lock();
  expect(await phone.unlock('tam', PIN)).toMatchObject({ kind: 'wrong-pin' });
  expect(await phone.unlock('tam', OTHER_PIN)).toEqual({ kind: 'unlocked' });
  expect((await phone.dossier(record))?.fields.get(NAME)?.head.value).toBe('Bé An');
  expect(await phone.draft(draft.id)).not.toBeNull();
  await phone.lock();
  expect(await startedOn(office, world.disk).phone.unlock('an', PIN)).toEqual({ kind: 'unlocked' });
});

it('takes no PIN that anybody would guess, and counts no try for it', async () => {
  const { world, phone } = await vaultPhone(await FakeOffice.open(), 'tam');
  expect(await phone.changePin(WRONG_PIN, '123456')).toEqual({ kind: 'bad-pin', fault: 'in-a-row' });
  expect(await phone.changePin(PIN, '25803')).toEqual({ kind: 'bad-pin', fault: 'too-short' });
  expect((await world.store.vaults.all())[0]?.misses).toBe(0);
});

it('slows guesses of the PIN of an open vault as at the lock, counted together with those', async () => {
  const { world, phone } = await vaultPhone(await FakeOffice.open(), 'tam');
  for (const left of [4, 3]) {
    expect(await phone.changePin(WRONG_PIN, OTHER_PIN)).toEqual({ kind: 'wrong-pin', left });
  }
  for (const left of [2, 1]) {
    expect(await phone.addPasskey(WRONG_PIN)).toEqual({ kind: 'wrong-pin', left });
  }
  const until = world.clock.now() + 30_000;
  expect(await phone.changePin(WRONG_PIN, OTHER_PIN)).toEqual({ kind: 'waiting', until });
  expect(await phone.changePin(PIN, OTHER_PIN)).toEqual({ kind: 'waiting', until });
  expect(await phone.addPasskey(PIN)).toEqual({ kind: 'waiting', until });
  await phone.lock();
  expect(await phone.unlock('tam', PIN)).toEqual({ kind: 'waiting', until });

  world.turnClock(30_000);
  expect(await phone.unlock('tam', PIN)).toEqual({ kind: 'unlocked' });
  expect(await phone.changePin(PIN, OTHER_PIN)).toEqual({ kind: 'changed' });
});

it('changes nothing of a locked vault', async () => {
  const { phone } = await vaultPhone(await FakeOffice.open(), 'tam');
  await phone.lock();
  expect(await phone.changePin(PIN, OTHER_PIN)).toEqual({ kind: 'no-vault' });
  expect(await phone.addPasskey(PIN)).toEqual({ kind: 'no-vault' });
  expect(await phone.removePasskey()).toEqual({ kind: 'no-vault' });
});

/** The battery dies at the so-manieth write of a vault's row, before or after it is on the disk. */
function dying(table: VaultTable, at: number, isWritten: boolean): VaultTable {
  let writes = 0;
  const change = async (id: string, to: (now: Vault) => Vault): Promise<Vault | null> => {
    writes++;
    if (writes < at || (writes === at && isWritten)) await table.change(id, to);
    if (writes >= at) throw new Error('the battery died');
    return null;
  };
  return Object.assign(Object.create(table) as VaultTable, { change });
}

// FAULT-57
it.each([
  [1, false, PIN],
  [1, true, PIN],
  [2, false, PIN],
  [2, true, OTHER_PIN],
] as const)('killed at write %i (on the disk: %s), one PIN opens: %s', async (at, isWritten, opens) => {
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'tam');
  const record = await sealOne({ world, phone }, { [NAME]: 'Bé An' });
  const store = Object.assign(Object.create(world.store) as World['store'], {
    vaults: dying(world.store.vaults, at, isWritten),
  });
  await expect(changePin({ ...world, store }, PIN, OTHER_PIN)).rejects.toThrow('the battery died');

  const again = startedOn(office, world.disk).phone;
  const outcomes = [await again.unlock('tam', opens === PIN ? OTHER_PIN : PIN), await again.unlock('tam', opens)];
  expect(outcomes.map(({ kind }) => kind)).toEqual(['wrong-pin', 'unlocked']);
  expect((await again.dossier(record))?.fields.get(NAME)?.head.value).toBe('Bé An');
});

it('a full disk changes nothing, and says so', async () => {
  const { world, phone } = await vaultPhone(await FakeOffice.open(), 'tam');
  const [before] = await world.store.vaults.all();
  const { StoreFull } = await import('../../src/store/port');
  const change = (): Promise<never> => Promise.reject(new StoreFull());
  const vaults = Object.assign(Object.create(world.store.vaults) as VaultTable, { change });
  const store = Object.assign(Object.create(world.store) as World['store'], { vaults });

  expect(await changePin({ ...world, store }, PIN, OTHER_PIN)).toEqual({ kind: 'store-full' });
  expect(await world.store.vaults.all()).toEqual([before]);
  await phone.lock();
  expect(await phone.unlock('tam', PIN)).toEqual({ kind: 'unlocked' });
});

it('a passkey opens the vault beside its PIN, until it is taken away; a new PIN keeps it', async () => {
  const lock = new FakeLock();
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'tam');
  const record = await sealOne({ world, phone }, { [NAME]: 'Bé An' });
  await phone.lock();
  const again = startedOn(office, world.disk, lock).phone;
  expect(await again.unlockByPasskey('tam')).toEqual({ kind: 'no-vault' });
  await again.unlock('tam', PIN);
  expect(await again.addPasskey(PIN)).toEqual({ kind: 'changed' });
  expect(lock.names).toEqual(['Lê Thị Tâm']);
  expect(await again.changePin(PIN, OTHER_PIN)).toEqual({ kind: 'changed' });
  await again.lock();

  const third = startedOn(office, world.disk, lock).phone;
  expect((await third.people())[0]).toMatchObject({ hasPasskey: true, hasPin: true });
  expect(await third.unlockByPasskey('tam')).toEqual({ kind: 'unlocked' });
  expect((await third.dossier(record))?.fields.get(NAME)?.head.value).toBe('Bé An');
  expect(await third.removePasskey()).toEqual({ kind: 'changed' });
  expect(lock.size).toBe(0);
  await third.lock();
  expect(await third.unlockByPasskey('tam')).toEqual({ kind: 'no-vault' });
  expect(await third.unlock('tam', OTHER_PIN)).toEqual({ kind: 'unlocked' });
});

it('a passkey that was refused, or can keep no secret, is not added; nothing else changes', async () => {
  const lock = new FakeLock();
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'tam');
  await phone.lock();
  const again = startedOn(office, world.disk, lock).phone;
  await again.unlock('tam', PIN);
  for (const fault of ['cancelled', 'no-prf', 'failed'] as const) {
    lock.fault = fault;
    expect(await again.addPasskey(PIN)).toEqual({ kind: 'passkey', fault });
  }
  expect((await again.people())[0]).toMatchObject({ hasPasskey: false, waitUntil: 0 });
  expect((await world.store.vaults.all())[0]?.misses).toBe(0);
});

it('refused at the lock it opens nothing, the PIN does; and it needs no waiting after wrong PINs', async () => {
  const lock = new FakeLock();
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'tam');
  await phone.lock();
  const again = startedOn(office, world.disk, lock).phone;
  await again.unlock('tam', PIN);
  await again.addPasskey(PIN);
  await again.lock();
  lock.fault = 'cancelled';
  expect(await again.unlockByPasskey('tam')).toEqual({ kind: 'passkey', fault: 'cancelled' });
  expect(await again.isLocked()).toBe(true);

  lock.fault = null;
  for (let tries = 0; tries < 5; tries++) await again.unlock('tam', WRONG_PIN);
  expect(await again.unlock('tam', PIN)).toMatchObject({ kind: 'waiting' });
  expect(await again.unlockByPasskey('tam')).toEqual({ kind: 'unlocked' });
  expect((await again.people())[0]).toMatchObject({ waitUntil: 0 });
});

it('what a passkey answers opens nothing on another phone', async () => {
  const lock = new FakeLock();
  const { world, phone, office } = await vaultPhone(await FakeOffice.open(), 'tam');
  await phone.lock();
  const again = startedOn(office, world.disk, lock);
  await again.phone.unlock('tam', PIN);
  await again.phone.addPasskey(PIN);
  const other = await vaultPhone(await FakeOffice.open(), 'tam');
  const [{ binding }] = (await other.world.store.vaults.all()) as [Vault];
  await again.phone.lock();
  const [{ id }] = (await world.store.vaults.all()) as [Vault];
  await world.store.vaults.change(id, (row) => ({ ...row, binding }));

  expect(await again.phone.unlockByPasskey('tam')).toEqual({ kind: 'passkey', fault: 'failed' });
});
