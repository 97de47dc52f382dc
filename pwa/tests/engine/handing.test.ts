/**
 * The power goes while a draft goes from one person to another, at each step that the disk takes: it
 * is with the giver, in the inbox or with the taker, whole with its photo, and with one of them only.
 */
import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { indexedStore } from '../../src/store/indexed';
import type { OwnInbox } from '../../src/store/inbox_sealing';
import type { Store, Vault } from '../../src/store/port';
import { VaultSealing } from '../../src/store/vault_sealing';
import { RECORD, draftRow, photoRow } from '../support/rows';
import { PowerDisk } from './powerdisk';

const WHOLE = Uint8Array.of(1, 2, 3, 4);
const SMALL = Uint8Array.of(5, 6);
const HAND = { seat: 11, person: 'An', at: 1 };
const TRACE = { to: 'Bình', at: 1, procedure: '1.001193', applicant: null };
const AES = { name: 'AES-GCM', length: 256 } as const;
const ECDH = { name: 'ECDH', namedCurve: 'P-256' } as const;

interface Person {
  readonly vault: string;
  readonly key: CryptoKey;
}

interface Two {
  readonly disk: PowerDisk;
  readonly an: Person;
  readonly binh: Person;
  readonly inbox: OwnInbox;
}

async function personOf(vault: string): Promise<Person> {
  return { vault, key: await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt']) };
}

/** Two people at one disk; An has a draft with a photo. */
async function two(): Promise<Two> {
  const pair = await crypto.subtle.generateKey(ECDH, true, ['deriveBits']);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const found = {
    disk: new PowerDisk(),
    an: await personOf('an'),
    binh: await personOf('binh'),
    inbox: { key: pair.privateKey, publicKey },
  };
  const store = openedBy(found.an, found.disk);
  const photo = photoRow('photo', 'a');
  await driven(found.disk, (async () => {
    await store.vaults.add({ id: 'binh', staff: 'binh', inbox: { publicKey, sealedKey: SMALL } } as unknown as Vault);
    await store.saveDraft(draftRow('a'));
    await store.photos.add({ ...photo, stage: 'raw' }, WHOLE);
    await store.photos.keepPrepared({ ...photo, stage: 'prepared' }, WHOLE, SMALL);
  })());
  return found;
}

function openedBy({ vault, key }: Person, disk: PowerDisk): Store {
  const sealing = new VaultSealing();
  sealing.enter(vault, key);
  return indexedStore('x', sealing, () => Promise.resolve(disk.connect({})));
}

/** Lets the disk take its steps until the deed is over, or has taken so many; false where the power went first. */
async function driven(disk: PowerDisk, deed: Promise<unknown>, stepsMax = Infinity): Promise<boolean> {
  const ended = { isOver: false };
  void deed.finally(() => { ended.isOver = true; }).catch(() => undefined);
  for (let steps = 0; !ended.isOver;) {
    const [step] = disk.steps();
    if (step !== undefined && steps === stepsMax) return false;
    if (step !== undefined) {
      step();
      steps += 1;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return true;
}

async function said<T>(disk: PowerDisk, asked: Promise<T>): Promise<T> {
  await driven(disk, asked);
  return await asked;
}

/** Where it is; fails where a part of it is elsewhere, or missing. */
async function placeOf({ an, binh, inbox }: Two, disk: PowerDisk): Promise<string> {
  const places: string[] = [];
  for (const person of [an, binh]) {
    const store = openedBy(person, disk);
    const draft = await said(disk, store.draft('a'));
    const photos = await said(disk, store.photos.of(RECORD));
    expect(photos).toHaveLength(draft === null ? 0 : 1);
    if (draft === null) continue;
    expect(await said(disk, store.photos.bytes('photo', 'whole'))).toEqual(WHOLE);
    expect(await said(disk, store.photos.bytes('photo', 'thumbnail'))).toEqual(SMALL);
    places.push(person.vault);
  }
  const store = openedBy(binh, disk);
  const waiting = await said(disk, store.handed.handed(inbox));
  const loss = await said(disk, store.vaults.lossOf('binh'));
  if (waiting.length > 0) {
    expect([waiting, loss]).toMatchObject([[{ id: 'a', photos: 1 }], { drafts: 1, photos: 1 }]);
    places.push('inbox');
  }
  expect(places).toHaveLength(1);
  return places.join();
}

/** Where it was found after a power cut at each step of a deed, with and without what was pending. */
async function cutAtEachStep(all: Two, from: PowerDisk, deed: (disk: PowerDisk) => Promise<unknown>): Promise<Set<string>> {
  const found = new Set<string>();
  for (const kept of [0, 1]) {
    for (let steps = 0, isOver = false; !isOver; steps += 1) {
      const disk = from.copy();
      isOver = await driven(disk, deed(disk), steps);
      disk.crash(kept);
      // On a disk of its own: the page that was cut off goes on writing to the other, and is nobody.
      const place = await placeOf(all, disk.copy());
      found.add(`${place}${isOver ? ', over' : ''}`);
    }
  }
  return found;
}

it('is whole in one place only, whenever the power goes', async () => {
  const all = await two();
  const { an, binh, inbox, disk } = all;
  const give = async (on: PowerDisk): Promise<unknown> => await openedBy(an, on).handed.give('a', { vault: 'binh', publicKey: inbox.publicKey }, HAND, TRACE);
  expect(await cutAtEachStep(all, disk, give)).toEqual(new Set(['an', 'inbox', 'inbox, over']));

  expect(await said(disk, give(disk))).toBe('given');
  const by = { seat: 12, person: 'Bình' };
  const take = async (on: PowerDisk): Promise<unknown> => await openedBy(binh, on).handed.take('a', inbox, by);
  expect(await cutAtEachStep(all, disk, take)).toEqual(new Set(['inbox', 'binh', 'binh, over']));

  expect(await said(disk, take(disk))).toBe('taken');
  expect(await said(disk, openedBy(binh, disk).draft('a'))).toMatchObject({ ...by, hands: [HAND] });
});
