/** One phone: its disk, its clock, and what its tabs share. A tab is one running engine. */
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { phoneWith } from '../../src/device/phone';
import type { Topic } from '../../src/device/outcomes';
import type { Phone } from '../../src/device/port';
import {
  type Net,
  NoAnswer,
  type PhotoTools,
  type Tabs,
} from '../../src/device/world';
import { indexedStore } from '../../src/store/indexed';
import type { PhotoStore } from '../../src/store/photo';
import type { LogEntry, Store } from '../../src/store/port';
import { VERSION, upgrade } from '../../src/store/schema';
import { openSealing } from '../../src/store/sealing';
import type { Bytes } from '../../src/sync/bytes';
import { type Asked, type Request, type Said, doorAnswer, netAnswer } from './asking';
import { randomFrom, unitFrom } from './chance';
import type { PowerDisk } from './powerdisk';
import { seals } from './sealing';

const EAST_MS = 7 * 3_600_000;
/** As long as the browser's tools wait for an answer. */
const DOOR_TIMEOUT_MS = 90_000;
/** So small that a paper of a few bytes goes in several pieces. */
const PIECES = { min: 8, start: 16, max: 32 } as const;
const THUMBNAIL_MARK = Uint8Array.of(0);

export interface Profile {
  readonly name: string;
  /** Null where fake-indexeddb keeps it, which cannot lose power. */
  readonly disk: PowerDisk | null;
  /** Whether anybody photographs papers here; elsewhere nothing goes otherwise because of them. */
  readonly hasPapers: boolean;
  readonly tabs: Map<string, Tab>;
  readonly locks: Map<string, Tab>;
  /** What this phone's clock says, ms; it may jump. */
  wall: number;
  /** Ms that have passed; timers go by it, and it never jumps. */
  mono: number;
}

export function newProfile(name: string, disk: PowerDisk | null, hasPapers: boolean): Profile {
  return { name, disk, hasPapers, tabs: new Map(), locks: new Map(), wall: 0, mono: 0 };
}

/** A whole profile, as somebody who copies the phone's files gets it. */
export async function copyProfile(from: Profile, name: string): Promise<Profile> {
  if (from.disk !== null) return newProfile(name, from.disk.copy(), from.hasPapers);
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
  return newProfile(name, null, from.hasPapers);
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
      photos: this.photos(),
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

  private async ask(request: Request, timeoutMs: number): Promise<Said> {
    return await new Promise<Said>((answer, giveUp) => {
      if (this.isDead) return;
      const id = ++requests;
      const until = this.profile.mono + timeoutMs;
      this.asked.set(id, { id, request, until, answer, giveUp });
    });
  }

  private net(): Net {
    return {
      ask: async ({ method, path, body = null, timeoutMs }) =>
        netAnswer(await this.ask({ method, path, body, headers: {} }, timeoutMs)),
    };
  }

  /** What a camera gave is a picture already; the thumbnail is known by the bytes in it. */
  private photos(): PhotoTools {
    return {
      prepare: (bytes, type) => {
        const thumbnail = new Uint8Array([...THUMBNAIL_MARK, ...bytes]);
        return Promise.resolve({ bytes, type, thumbnail, hint: null });
      },
      room: () => Promise.resolve(null),
      origin: 'https://office.simulated',
      pieces: PIECES,
      send: async ({ method, address: path, headers, body }) =>
        doorAnswer(await this.ask({ method, path, headers, body }, DOOR_TIMEOUT_MS)),
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
    const change: PhotoStore['change'] = async (id, changed) => {
      if (changed.stage !== undefined) this.reached.push(`photo-${changed.stage}`);
      await store.photos.change(id, changed);
    };
    const dropBytes: PhotoStore['dropBytes'] = async (id) => {
      this.reached.push('photo-let-go');
      await store.photos.dropBytes(id);
    };
    // A disk that can lose power ends what a dead tab has begun; the other one has to be told.
    const told = this.profile.hasPapers && this.profile.disk === null ? this : null;
    const photos = withOwn(store.photos, { change, dropBytes }, told);
    return withOwn(store, { record, append, applyPage, photos }, this);
  }

  async whileAlive<T>(deed: Promise<T>): Promise<T> {
    this.storing++;
    try {
      return await deed;
    } finally {
      this.storing--;
      if (this.isDead) await new Promise(() => undefined);
    }
  }
}

/** A part of the store, or all of it, with some of it replaced; `tab` is told what it waits for. */
function withOwn<T extends object>(part: T, own: Partial<T>, tab: Tab | null): T {
  const replaced = new Map<string | symbol, unknown>(Object.entries(own));
  return new Proxy(part, {
    get: (from, name): unknown => {
      const found: unknown = replaced.get(name) ?? Reflect.get(from, name, from);
      if (typeof found !== 'function') return found;
      return (...given: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(found, from, given);
        return answer instanceof Promise && tab !== null ? tab.whileAlive(answer) : answer;
      };
    },
  });
}

/** The same store, for somebody who looks at it or works with it. */
export function storeOf({ name, disk }: Profile, owner: object): Store {
  return disk === null
    ? indexedStore(name, openSealing)
    : indexedStore(name, openSealing, () => Promise.resolve(disk.connect(owner)));
}
