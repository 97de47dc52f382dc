/** A phone from before there were vaults: what lies clear is sealed at the first unlock, all of it. */
import { openDB } from 'idb';
import { expect, it } from 'vitest';
import { phoneWith } from '../../src/device/phone';
import { indexedStore } from '../../src/store/indexed';
import type { Store } from '../../src/store/port';
import type { Connect, Connection } from '../../src/store/disk';
import { type Schema, VERSION, upgrade } from '../../src/store/schema';
import { VaultSealing } from '../../src/store/vault_sealing';
import { type Enrolled, joinOffice, sealOne, startOne } from '../support/enrolled';
import { FakeOffice } from '../support/office';
import { PIN, startedOn, stretch } from '../support/vaults';
import { newWorld } from '../support/world';

const NAME = 'answers.child_full_name';

interface Clear extends Enrolled {
  readonly sealed: string;
  readonly draft: string;
}

/** What the app of before left: sent and unsent work of An, a draft, and a photo of it. */
async function clearPhone(): Promise<Clear> {
  const office = await FakeOffice.open();
  const one = await joinOffice(office, 'an');
  const { phone } = one;
  await phone.fetchReference();
  await sealOne(one, { [NAME]: 'Trần Đã Gửi' });
  await phone.exchangeNow();
  const sealed = await sealOne(one, { [NAME]: 'Trần Chưa Gửi' });
  const draft = await startOne(phone);
  await phone.saveDraft(draft, { answers: { [NAME]: 'Trần Bản Nháp' }, papers: {}, step: '' });
  const photo = { bytes: new TextEncoder().encode('Trần Trong Ảnh'), type: 'image/jpeg', takenAt: 1 };
  await phone.addPhoto(draft, 'birth_declaration', photo);
  return { ...one, sealed, draft: draft.id };
}

async function clearTextOf(disk: string): Promise<string> {
  const database = await openDB(disk);
  let rows: unknown[] = [];
  for (const table of database.objectStoreNames) {
    const found: unknown[] = await database.getAll(table);
    rows = [...rows, ...found];
  }
  database.close();
  return JSON.stringify(rows, (_, value: unknown) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
  );
}

async function expectWhole({ office, world, sealed, draft }: Clear): Promise<void> {
  const { phone } = startedOn(office, world.disk);
  expect(await phone.unlock('an', PIN)).toEqual({ kind: 'unlocked' });
  expect(await clearTextOf(world.disk)).not.toContain('Trần');
  expect((await phone.draft(draft))?.answers[NAME]).toBe('Trần Bản Nháp');
  expect(await phone.dossiers()).toHaveLength(2);
  const [photo] = await phone.photosOf((await phone.draft(draft))?.record ?? '');
  expect(photo?.document).toBe('birth_declaration');
  expect((await phone.outbox()).changes).toBe(1);
  await phone.exchangeNow();
  expect(office.shownIn(sealed, NAME)).toBe('Trần Chưa Gửi');
}

it('nobody sees it before a PIN is set; then it is sealed, and sent as ever', async () => {
  const clear = await clearPhone();
  expect(await clearTextOf(clear.world.disk)).toContain('Trần');
  const { phone } = startedOn(clear.office, clear.world.disk);
  expect(await phone.isLocked()).toBe(true);
  expect(await phone.people()).toMatchObject([{ staff: 'an', hasPin: false, isOpen: false }]);
  expect(await phone.dossiers()).toEqual([]);
  expect(await phone.choosePin('an', '111111')).toEqual({ kind: 'bad-pin', fault: 'all-same' });
  expect(await phone.choosePin('an', PIN)).toEqual({ kind: 'unlocked' });
  expect(await phone.choosePin('an', PIN)).toEqual({ kind: 'has-vault' });
  await expectWhole(clear);
});

// FAULT-1
it('goes on where it was killed, however often, and loses nothing', async () => {
  const clear = await clearPhone();
  let killed = 0;
  for (let writes = 1; ; writes++) {
    const { store, vaults } = dyingAfter(clear.world.disk, writes);
    const phone = phoneWith({ ...newWorld(clear.office, clear.world.disk), store, vaults });
    const isFirst = (await phone.people())[0]?.hasPin === false;
    const entering = isFirst ? phone.choosePin('an', PIN) : phone.unlock('an', PIN);
    const outcome = await entering.catch(() => null);
    if (outcome?.kind === 'unlocked') break;
    killed++;
  }
  expect(killed).toBeGreaterThan(3);
  await expectWhole(clear);
});

/** The app with a disk on which only so many more transactions are written. */
function dyingAfter(
  disk: string,
  writes: number,
): { readonly store: Store; readonly vaults: NonNullable<ReturnType<typeof newWorld>['vaults']> } {
  let left = writes;
  const connect: Connect = async (name) => {
    const database = await openDB<Schema>(name, VERSION, { upgrade });
    const transaction = ((names: never, mode: never, options: never) => {
      if (mode === 'readwrite' && left-- <= 0) throw new DOMException('killed', 'UnknownError');
      return database.transaction(names, mode, options);
    }) as unknown as Connection['transaction'];
    return { transaction, close: () => { database.close(); } };
  };
  const sealing = new VaultSealing();
  const cost = { memoryKib: 64, passes: 1 };
  return { store: indexedStore(disk, sealing, connect), vaults: { sealing, stretch, cost } };
}

it('two people who shared it each take what is theirs, and a record of both twice', async () => {
  const office = await FakeOffice.open();
  const one = await joinOffice(office, 'an');
  await one.phone.fetchReference();
  const ofAn = await sealOne(one, { [NAME]: 'Trần Của An' });
  await one.phone.exchangeNow();
  await one.phone.signIn('tam', 'luudong-demo');
  const ofTam = await sealOne(one, { [NAME]: 'Trần Của Tâm' });
  const draft = await startOne(one.phone);
  await one.phone.exchangeNow();

  const { phone } = startedOn(office, one.world.disk);
  expect(await phone.choosePin('an', PIN)).toEqual({ kind: 'unlocked' });
  expect((await phone.dossiers()).map(({ record }) => record)).toContain(ofAn);
  expect(await phone.draft(draft.id)).toBeNull();
  await phone.lock();
  expect(await phone.choosePin('tam', PIN)).toEqual({ kind: 'unlocked' });
  const seen = (await phone.dossiers()).map(({ record }) => record);
  expect(seen).toEqual(expect.arrayContaining([ofAn, ofTam]));
  expect(await phone.draft(draft.id)).not.toBeNull();
  expect(await clearTextOf(one.world.disk)).not.toContain('Trần');
});
