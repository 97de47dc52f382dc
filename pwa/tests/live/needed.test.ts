/** The reference data are read by whom needs them: not at the lock, and once. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { Topic } from '../../src/device/outcomes';
import type { Phone } from '../../src/device/port';
import type { Reference } from '../../src/device/shown';
import type { PhoneView as View } from '../../src/live/phone.svelte';

vi.stubGlobal('window', { location: { hash: '#/' } });
const { PhoneView } = await import('../../src/live/phone.svelte');
vi.unstubAllGlobals();

const REFERENCE: Reference = {
  version: '1', catalogue: { catalogue_version: '2026-11', common_groups: [], procedures: [] }, areas: [],
  calendar: null, branch: null, clips: null,
};

let isLocked: boolean;
let readings: (() => Promise<Reference | null>)[];
let read: number;
let tell: (topic: Topic) => void;
let view: View;

beforeEach(() => {
  isLocked = true;
  read = 0;
  readings = [];
  const phone: Partial<Phone> = {
    endWipe: () => Promise.resolve(),
    watch: (heard) => {
      tell = heard;
      return () => undefined;
    },
    start: () => () => undefined,
    device: () => Promise.resolve(null),
    wiped: () => Promise.resolve(null),
    seats: () => Promise.resolve([]),
    people: () => Promise.resolve([]),
    drafts: () => Promise.resolve([]),
    handedCounts: () => Promise.resolve({ handed: 0, given: 0 }),
    damage: () => ({ records: [], drafts: [], photos: [], entries: [] }),
    held: () => Promise.resolve({ dossiers: [], work: [] }),
    outbox: () => Promise.resolve({ changes: 0, records: [], oldestAt: null, photos: 0, photoBytes: 0, others: [] }),
    roomForPhotos: () => Promise.resolve(null),
    sharedCount: () => Promise.resolve(0),
    kept: () => Promise.resolve(null),
    connection: () => ({ state: 'offline', lastExchangeAt: 0, sending: false, nextTryAt: null }),
    isLocked: () => Promise.resolve(isLocked),
    unlock: () => Promise.resolve({ kind: 'unlocked' }),
    reference: () => {
      read += 1;
      return readings.shift()?.() ?? Promise.resolve(REFERENCE);
    },
  };
  view = new PhoneView(phone as Phone);
});

it('is not read at the lock, also when newer data come; once it opens it is there', async () => {
  await view.start();
  tell('reference');
  await view.settled();
  expect(view.ready).toBe(true);
  expect(read).toBe(0);

  await view.unlock('an', '258036');
  expect(view.isLocked).toBe(false);
  expect(view.catalogue?.version).toBe('2026-11');
  await view.needReference();
  expect(read).toBe(1);

  tell('reference');
  await view.settled();
  expect(read).toBe(2);
});

it('is there before anything is shown that needs it', async () => {
  isLocked = false;
  await view.start();
  expect(view.ready).toBe(true);
  expect(view.catalogue?.version).toBe('2026-11');
});

it('is asked for again after a disk that did not answer', async () => {
  readings = [() => Promise.reject(new Error('the disk is busy'))];
  await view.start();
  await expect(view.needReference()).rejects.toThrow('busy');
  await view.needReference();
  expect(view.catalogue?.version).toBe('2026-11');
});
