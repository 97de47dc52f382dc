/** A world for one phone: a clock to turn, chance with a seed, a disk of its own, an office. */
import 'fake-indexeddb/auto';
import { NoAnswer } from '../../src/device/world';
import type { Topic } from '../../src/device/outcomes';
import type { Net, PhotoTools, World } from '../../src/device/world';
import { browserSeals } from '../../src/device/seals';
import { indexedStore } from '../../src/store/indexed';
import { openSealing } from '../../src/store/sealing';

export interface TestWorld extends World {
  readonly disk: string;
  readonly told: Topic[];
  /** When all outside the store was cleared. */
  readonly cleared: number[];
  turnClock(ms: number): void;
  /** Runs what is due within so many ms, each at its time. */
  passTime(ms: number): Promise<void>;
  wake(): void;
}

let disks = 0;

export function newDiskName(): string {
  disks++;
  return `disk-${disks}`;
}

/** Where a test has no photos. */
const noPhotos: PhotoTools = {
  prepare: () => Promise.resolve('unreadable'),
  room: () => Promise.resolve(null),
  origin: 'http://office.test',
  send: () => Promise.reject(new NoAnswer(false)),
};

export function newWorld(net: Net, disk = newDiskName(), photos = noPhotos): TestWorld {
  let now = Date.UTC(2026, 10, 22, 7, 0, 0);
  let seed = 7;
  let timers: { readonly at: number; readonly deed: () => void }[] = [];
  const wakes = new Set<() => void>();
  const told: Topic[] = [];
  const cleared: number[] = [];
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647);
  return {
    disk,
    told,
    turnClock: (ms) => {
      now += ms;
    },
    passTime: async (ms) => {
      const end = now + ms;
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
        if (due === undefined) break;
        timers = timers.filter((timer) => timer !== due);
        now = due.at;
        due.deed();
        await settled();
      }
      now = end;
    },
    wake: () => {
      for (const wake of wakes) wake();
    },
    clock: {
      now: () => now,
      civil: (ms) => `${new Date(ms).toISOString().slice(0, 19)}+00:00`,
      after: (ms, deed) => {
        const timer = { at: now + ms, deed };
        timers.push(timer);
        return () => {
          timers = timers.filter((one) => one !== timer);
        };
      },
    },
    random: {
      bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
      unit: () => next() / 2_147_483_647,
    },
    net,
    tabs: {
      alone: async (_name, deed) => await counted(deed()),
      tell: (topic) => {
        told.push(topic);
      },
      hear: () => () => undefined,
    },
    wakes: (wake) => {
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
    remains: {
      clear: () => {
        cleared.push(now);
        return Promise.resolve();
      },
    },
    cleared,
    store: watched(indexedStore(disk, openSealing)),
    seals: browserSeals,
    photos,
    vaults: null,
    appVersion: '0.1.0',
    released: Date.UTC(2026, 10, 1),
  };
}

/** Exchanges and store calls that were begun and have not ended, in all worlds of this file. */
let underWay = 0;

/** Turns of the loop that nothing may be under way for; between two calls a deed needs none. */
const QUIET_TURNS = 5;

/** Until all that was set going has come to rest, however slow the machine is. */
export async function settled(): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; quiet = underWay === 0 ? quiet + 1 : 0) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

async function counted<T>(deed: Promise<T>): Promise<T> {
  underWay++;
  try {
    return await deed;
  } finally {
    underWay--;
  }
}

/** The same store, whose calls are counted while they are under way. */
function watched<T extends object>(store: T): T {
  return new Proxy(store, {
    get: (from, name): unknown => {
      const found: unknown = Reflect.get(from, name, from);
      if (name === 'photos') return watched(found as object);
      if (typeof found !== 'function') return found;
      return (...given: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(found, from, given);
        return answer instanceof Promise ? counted(answer) : answer;
      };
    },
  });
}
