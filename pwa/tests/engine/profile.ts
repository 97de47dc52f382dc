/** One phone: its disk, its clock, and what its tabs share. A tab is one running engine. */
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { phoneWith } from '../../src/device/phone';
import type { Topic } from '../../src/device/outcomes';
import type { Phone } from '../../src/device/port';
import {
  type Net,
  type NetAnswer,
  type NetRequest,
  NoAnswer,
  type PhotoTools,
  type Tabs,
} from '../../src/device/world';
import { indexedStore } from '../../src/store/indexed';
import type { LogEntry, Store } from '../../src/store/port';
import { VERSION, upgrade } from '../../src/store/schema';
import { openSealing } from '../../src/store/sealing';
import type { Bytes } from '../../src/sync/bytes';
import { randomFrom, unitFrom } from './chance';
import type { PowerDisk } from './powerdisk';
import { seals } from './sealing';

const EAST_MS = 7 * 3_600_000;

export interface Profile {
  readonly name: string;
  /** Null where fake-indexeddb keeps it, which cannot lose power. */
  readonly disk: PowerDisk | null;
  readonly tabs: Map<string, Tab>;
  readonly locks: Map<string, Tab>;
  /** What this phone's clock says, ms; it may jump. */
  wall: number;
  /** Ms that have passed; timers go by it, and it never jumps. */
  mono: number;
}

export function newProfile(name: string, disk: PowerDisk | null): Profile {
  return { name, disk, tabs: new Map(), locks: new Map(), wall: 0, mono: 0 };
}

/** A whole profile, as somebody who copies the phone's files gets it. */
export async function copyProfile(from: Profile, name: string): Promise<Profile> {
  if (from.disk !== null) return newProfile(name, from.disk.copy());
  const [old, young] = await Promise.all(
    [from.name, name].map((one) => openDB(one, VERSION, { upgrade: upgrade as never })),
  );
  if (old === undefined || young === undefined) throw new Error('no copy');
  for (const table of old.objectStoreNames) {
    const transaction = old.transaction(table);
    const isKeyed = transaction.store.keyPath !== null;
    const [keys, values] = await Promise.all([
      transaction.store.getAllKeys(),
      transaction.store.getAll(),
    ]);
    const writing = young.transaction(table, 'readwrite');
    await Promise.all(
      keys.map((key, place) => writing.store.put(values[place], isKeyed ? undefined : key)),
    );
    await writing.done;
  }
  old.close();
  young.close();
  return newProfile(name, null);
}

/** A request that waits for its answer. */
export interface Asked {
  readonly id: number;
  readonly tab: string;
  readonly request: NetRequest;
  readonly until: number;
  readonly answer: (answer: NetAnswer) => void;
  readonly giveUp: (why: NoAnswer) => void;
}

/** A change that an engine handed to its store; `isKept` once the store has said so. */
export interface Handed {
  readonly entry: LogEntry;
  /** The state that its author saw; null for a new record. */
  readonly before: Bytes | null;
  isKept: boolean;
}

interface Timer {
  readonly at: number;
  readonly deed: () => void;
}

let requests = 0;

export class Tab {
  readonly name: string;
  readonly phone: Phone;
  readonly store: Store;
  readonly asked = new Map<number, Asked>();
  handed: Handed[] = [];
  /** What came about since it was last asked. */
  readonly reached: string[] = [];
  /** Calls to the store that have not ended. */
  storing = 0;
  isDead = false;
  timers: Timer[] = [];
  private readonly profile: Profile;
  private readonly heard = new Set<(topic: Topic) => void>();
  private readonly wakes = new Set<() => void>();

  constructor(profile: Profile, name: string, seed: number) {
    this.profile = profile;
    this.name = name;
    this.store = this.watched(storeOf(profile, this));
    this.phone = phoneWith({
      clock: {
        now: () => profile.wall,
        civil: (ms) => `${new Date(ms + EAST_MS).toISOString().slice(0, 19)}+07:00`,
        after: (ms, deed) => this.after(ms, deed),
      },
      random: randomFrom(unitFrom(seed)),
      net: this.net(),
      tabs: this.shared(),
      wakes: (wake) => {
        this.wakes.add(wake);
        return () => this.wakes.delete(wake);
      },
      store: this.store,
      seals,
      photos: noPhotos,
      vaults: null,
      remains: {
        clear: () => {
          this.reached.push('wiped');
          return Promise.resolve();
        },
      },
      appVersion: 'simulated',
      released: 0,
    });
  }

  /** Ends as a tab does that is closed, or whose phone has died: nothing of it goes on. */
  kill(): void {
    this.isDead = true;
    this.timers = [];
    this.asked.clear();
    this.heard.clear();
    this.wakes.clear();
    this.profile.disk?.kill(this);
    for (const [name, holder] of this.profile.locks) {
      if (holder === this) this.profile.locks.delete(name);
    }
    this.profile.tabs.delete(this.name);
  }

  wake(): void {
    for (const wake of [...this.wakes]) wake();
  }

  /** Runs what is due by now, and gives up what has been waited for too long. */
  tick(): void {
    const { mono } = this.profile;
    const due = this.timers.filter(({ at }) => at <= mono).sort((one, other) => one.at - other.at);
    this.timers = this.timers.filter(({ at }) => at > mono);
    for (const { deed } of due) deed();
    for (const asked of [...this.asked.values()]) {
      if (asked.until > mono) continue;
      this.asked.delete(asked.id);
      asked.giveUp(new NoAnswer(true));
      this.reached.push('gave-up');
    }
  }

  hear(topic: Topic): void {
    for (const listener of [...this.heard]) listener(topic);
  }

  private after(ms: number, deed: () => void): () => void {
    const timer = { at: this.profile.mono + ms, deed };
    if (!this.isDead) this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }

  private net(): Net {
    return {
      ask: async (request) =>
        await new Promise<NetAnswer>((answer, giveUp) => {
          if (this.isDead) return;
          const id = ++requests;
          const until = this.profile.mono + request.timeoutMs;
          this.asked.set(id, { id, tab: this.name, request, until, answer, giveUp });
        }),
    };
  }

  private shared(): Tabs {
    const { locks, tabs } = this.profile;
    return {
      alone: async (name, deed) => {
        if (locks.has(name)) return 'busy';
        locks.set(name, this);
        try {
          return await deed();
        } finally {
          if (locks.get(name) === this) locks.delete(name);
        }
      },
      tell: (topic) => {
        for (const tab of tabs.values()) if (tab !== this) tab.hear(topic);
      },
      hear: (listener) => {
        this.heard.add(listener);
        return () => this.heard.delete(listener);
      },
    };
  }

  /** The same store; it says what is appended, and answers nobody who is dead. */
  private watched(store: Store): Store {
    const seen = new Map<string, Bytes | null>();
    const record = async (id: string): Promise<Awaited<ReturnType<Store['record']>>> => {
      const found = await store.record(id);
      seen.set(id, found?.state ?? null);
      return found;
    };
    const append: Store['append'] = async (appended) => {
      const { entry } = appended;
      const handed: Handed = { entry, before: seen.get(entry.record) ?? null, isKept: false };
      this.handed.push(handed);
      try {
        const written = await store.append(appended);
        handed.isKept = written === 'written';
        if (written === 'raced') this.reached.push('append-raced');
        return written;
      } finally {
        if (!handed.isKept) this.handed = this.handed.filter((one) => one !== handed);
      }
    };
    const applyPage: Store['applyPage'] = async (page) => {
      const written = await store.applyPage(page);
      if (written === 'raced') this.reached.push('page-raced');
      return written;
    };
    const own = new Map<string | symbol, unknown>(Object.entries({ record, append, applyPage }));
    return new Proxy(store, {
      get: (from, name): unknown => {
        const found: unknown = own.get(name) ?? Reflect.get(from, name, from);
        if (typeof found !== 'function') return found;
        return (...given: unknown[]): unknown => {
          const answer: unknown = Reflect.apply(found, from, given);
          return answer instanceof Promise ? this.whileAlive(answer) : answer;
        };
      },
    });
  }

  private async whileAlive<T>(deed: Promise<T>): Promise<T> {
    this.storing++;
    try {
      return await deed;
    } finally {
      this.storing--;
      if (this.isDead) await new Promise(() => undefined);
    }
  }
}

function never(): never {
  throw new Error('nobody takes a photo in the simulation');
}

const noPhotos: PhotoTools = {
  prepare: never,
  room: () => Promise.resolve(null),
  origin: 'https://office.simulated',
  send: never,
};

function storeOf({ name, disk }: Profile, owner: object): Store {
  return disk === null
    ? indexedStore(name, openSealing)
    : indexedStore(name, openSealing, () => Promise.resolve(disk.connect(owner)));
}
