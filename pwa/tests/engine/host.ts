/**
 * Several phones in one process, driven from outside by one command at a time.
 *
 * 1. Nothing happens but by a command, and its answer comes when nothing is left to do, or after
 *    as many steps as the command allows: there a phone can die in the middle of a deed.
 * 2. Where several things could happen next, the seed chooses.
 */
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { IDBFactory } from 'fake-indexeddb';
import { NoAnswer } from '../../src/device/world';
import type { PhotoFile } from '../../src/device/shown';
import { StoreFull, StoreUnavailable } from '../../src/store/port';
import type { Value } from '../../src/sync/pack';
import { type Asked, type Said, base64, bytesOf } from './asking';
import { installBlobs } from './blobs';
import { unitFrom } from './chance';
import { type ShownPaper, showPapers, spoilPaper } from './papers';
import { PowerDisk } from './powerdisk';
import { type Handed, type Profile, Tab, copyProfile, newProfile, storeOf } from './profile';
import { type GivenKey, installSigning } from './signing';
import { type Shown, contentOf, showProfile } from './showing';

/** Turns of the loop in which fake-indexeddb is asked nothing: then it has come to rest. */
const QUIET_TURNS = 4;

/** What is photographed, and what is said of it. */
const PAPER = { id: 'form', count: 1 } as const;
const HANDED_IN = { state: 'handed_in', count: 1 } as const;

/** Every command is about one phone, and says what time it is there. */
export interface Command {
  readonly do: string;
  readonly profile: string;
  readonly tab?: string;
  readonly wall?: number;
  readonly mono?: number;
  /** How many steps may happen; all, where it is left out. */
  readonly steps?: number;
  readonly seed?: number;
  /** The key that the engine makes next. */
  readonly key?: { readonly point: string; readonly secret: string | null };
  readonly isReal?: boolean;
  readonly isIndexed?: boolean;
  readonly hasPapers?: boolean;
  readonly isFull?: boolean;
  readonly keep?: number;
  readonly count?: number;
  readonly as?: string;
  readonly seat?: number;
  readonly staff?: string;
  readonly area?: string;
  readonly areas?: readonly string[];
  readonly record?: string;
  readonly fields?: Readonly<Record<string, Value>>;
  readonly id?: number;
  /** A rescue file, in base64. */
  readonly file?: string;
  readonly answer?: Said;
  /** A paper that somebody photographs, in base64. */
  readonly photo?: string;
}

/** What came of a command. Bytes are in base64. */
export interface Effects {
  readonly isIdle: boolean;
  readonly steps: number;
  readonly requests: readonly {
    readonly id: number;
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }[];
  readonly written: readonly {
    readonly seat: number;
    readonly seq: number;
    readonly head: string;
    readonly change: string;
    readonly before: string | null;
    readonly isKept: boolean;
  }[];
  readonly outcomes: readonly Outcome[];
  /** What came about that the world counts: how tabs are connected, writes that came too late. */
  readonly reached: readonly string[];
  /** Transactions that a loss of power may take. */
  readonly pending: number;
  /** When the next timer is due; null if none is set. */
  readonly nextAt: number | null;
  readonly shown?: Shown;
  /** All that lies on the phone's disk. */
  readonly content?: readonly string[];
  readonly papers?: readonly ShownPaper[];
  /** The paper that the disk has spoilt. */
  readonly spoilt?: Pick<ShownPaper, 'record' | 'digest'> | null;
}

/** What was looked at, or found. */
type Sight = Pick<Effects, 'shown' | 'papers' | 'spoilt'>;

const NOTHING: Effects = {
  isIdle: true,
  steps: 0,
  requests: [],
  written: [],
  outcomes: [],
  reached: [],
  pending: 0,
  nextAt: null,
};

interface Outcome {
  readonly tab: string;
  readonly deed: string;
  readonly kind: string;
  readonly seat?: number;
  /** A rescue file that was made, in base64. */
  readonly file?: string;
  /** How many bundles were taken over. */
  readonly added?: number;
}

/** What a person's deed came to. */
type Ended = Omit<Outcome, 'tab' | 'deed'>;

export class Host {
  private profiles = new Map<string, Profile>();
  private unit = unitFrom(0);
  private told = new Set<number>();
  private keys: GivenKey[] = [];
  private outcomes: Outcome[] = [];
  /** Whether fake-indexeddb keeps a phone, which goes on by turns of the loop, whoever's they are. */
  private hasIndexed = false;

  async obey(command: Command): Promise<Effects> {
    if (command.do === 'reset') {
      this.reset(command);
      return NOTHING;
    }
    const profile = command.do === 'new' ? this.add(command) : this.profile(command.profile);
    profile.wall = command.wall ?? profile.wall;
    profile.mono = command.mono ?? profile.mono;
    if (command.key !== undefined) {
      const { point, secret } = command.key;
      this.keys.push({ point: bytesOf(point), secret: secret === null ? null : bytesOf(secret) });
    }
    const sight = await this.begin(profile, command);
    const { isIdle, steps } = await this.run(profile, command.steps ?? Infinity);
    // Only in a turn of the loop does Node say that a promise was broken which nobody heeds.
    if (!this.hasIndexed) await turnOfLoop();
    const effects = this.effectsOf(profile, isIdle, steps);
    if (command.do === 'bytes') return { ...effects, content: contentOf(profile) };
    return { ...effects, ...sight };
  }

  private reset({ seed = 0, isReal = false }: Command): void {
    for (const profile of this.profiles.values()) {
      for (const tab of profile.tabs.values()) tab.kill();
    }
    this.profiles = new Map();
    this.unit = unitFrom(seed);
    this.told = new Set();
    this.outcomes = [];
    this.keys = [];
    this.hasIndexed = false;
    globalThis.indexedDB = new IDBFactory();
    installBlobs();
    installSigning(isReal, () => need(this.keys.shift()));
  }

  private add({ profile, isIndexed = false, hasPapers = false }: Command): Profile {
    const added = newProfile(profile, isIndexed ? null : new PowerDisk(), hasPapers);
    this.profiles.set(profile, added);
    this.hasIndexed ||= isIndexed;
    return added;
  }

  private profile(name: string): Profile {
    const found = this.profiles.get(name);
    if (found === undefined) throw new Error(`no profile ${name}`);
    return found;
  }

  /** Sets going what was commanded; only what looks or copies is waited for. */
  private async begin(profile: Profile, command: Command): Promise<Sight> {
    const { name } = profile;
    switch (command.do) {
      case 'new':
        break;
      case 'open': {
        const tab = new Tab(profile, need(command.tab), command.seed ?? 0);
        profile.tabs.set(tab.name, tab);
        tab.phone.start();
        break;
      }
      case 'close':
        this.tab(profile, command).kill();
        break;
      case 'crash':
        for (const tab of [...profile.tabs.values()]) tab.kill();
        profile.disk?.crash(command.keep ?? 0);
        profile.locks.clear();
        break;
      case 'fill':
        if (profile.disk !== null) profile.disk.isFull = command.isFull === true;
        break;
      case 'drop-connection':
        if (profile.disk !== null) profile.disk.dropped = command.count ?? 1;
        break;
      case 'copy':
        this.profiles.set(need(command.as), await copyProfile(profile, need(command.as)));
        break;
      case 'show':
        return { shown: await this.whileRunning(profile, showProfile(profile)) };
      case 'papers':
        return { papers: await this.whileRunning(profile, showPapers(storeOf(profile, {}))) };
      case 'spoil': {
        const spoiling = spoilPaper(profile, storeOf(profile, {}), command.count ?? 0);
        return { spoilt: await this.whileRunning(profile, spoiling) };
      }
      case 'tick':
        for (const tab of [...profile.tabs.values()]) tab.tick();
        break;
      case 'wake':
        this.tab(profile, command).wake();
        break;
      case 'deliver':
        this.endOf(profile, need(command.id))?.answer(need(command.answer));
        break;
      case 'break':
        this.endOf(profile, need(command.id))?.giveUp(new NoAnswer(false));
        break;
      case 'rest':
      case 'bytes':
        break;
      default:
        this.deed(this.tab(profile, command), command);
        break;
    }
    if (!this.profiles.has(name)) throw new Error(`no profile ${name}`);
    return {};
  }

  /** What a person does: it takes its time, and comes to an outcome. */
  private deed(tab: Tab, command: Command): void {
    const said = (outcome: Ended): void => {
      this.outcomes.push({ tab: tab.name, deed: command.do, ...outcome });
    };
    void this.outcomeOf(tab, command).then(said, (fault: unknown) => {
      // What has no outcome of its own may reject with these two, and with nothing else.
      if (!(fault instanceof StoreFull || fault instanceof StoreUnavailable)) throw fault;
      said({ kind: fault.code });
    });
  }

  private async outcomeOf({ phone }: Tab, command: Command): Promise<Ended> {
    switch (command.do) {
      case 'enrol':
        return only(await phone.enrol('simulated', 'Máy'));
      case 'sign-in':
        return only(await phone.signIn(need(command.staff), 'secret'));
      case 'work-as':
        await phone.workAs(command.seat ?? null);
        return { kind: 'done' };
      case 'button':
        return only(await phone.exchangeNow());
      case 'take': {
        const start = { procedure: '1.001193', catalogueVersion: '1', area: need(command.area) };
        const started = await phone.startDraft(start);
        if (started.kind !== 'saved') return started;
        const papers = command.photo === undefined ? {} : { [PAPER.id]: HANDED_IN };
        const now = { answers: command.fields ?? {}, papers, step: '' };
        const saved = await phone.saveDraft(started.draft, now);
        if (saved.kind !== 'saved') return saved;
        if (command.photo !== undefined) {
          const added = await phone.addPhoto(saved.draft, PAPER.id, pictureIn(command.photo));
          if (added.kind !== 'kept') return added;
        }
        return only(await phone.seal(saved.draft, now));
      }
      case 'supplement': {
        const picture = pictureIn(need(command.photo));
        return only(await phone.supplement(need(command.record), PAPER, picture, 'why'));
      }
      case 'revise':
        return only(await phone.revise(need(command.record), command.fields ?? {}, 'why'));
      case 'seal-away':
        return only(await phone.sealUnsent(need(command.seat)));
      case 'export': {
        const made = await phone.exportFile('unsent', () => undefined);
        if (made.kind !== 'exported') return { kind: made.kind };
        return { kind: made.kind, file: base64(Buffer.concat(made.parts)) };
      }
      case 'import': {
        const taken = await phone.importFile(bytesOf(need(command.file)));
        if (taken.kind !== 'imported') return { kind: taken.kind };
        return { kind: taken.kind, added: taken.added };
      }
      default:
        throw new Error(`no command ${command.do}`);
    }
  }

  /** A request that comes to its end, one way or another; undefined where nobody waits any more. */
  private endOf(profile: Profile, id: number): Asked | undefined {
    const tab = [...profile.tabs.values()].find(({ asked }) => asked.has(id));
    const asked = tab?.asked.get(id);
    tab?.asked.delete(id);
    return asked;
  }

  private async whileRunning<T>(profile: Profile, deed: Promise<T>): Promise<T> {
    let result: { readonly value: T } | undefined;
    void deed.then((value) => {
      result = { value };
    });
    while (result === undefined) await this.run(profile, Infinity);
    return result.value;
  }

  /** Lets things happen until there are none left, or the steps are used up. */
  private async run(
    profile: Profile,
    steps: number,
  ): Promise<{ readonly isIdle: boolean; readonly steps: number }> {
    let [made, quiet] = [0, 0];
    for (;;) {
      await (this.hasIndexed ? turnOfLoop() : promisesKept());
      const next = profile.disk?.steps() ?? [];
      const isQuiet = next.length === 0 && this.isQuiet(profile);
      quiet = isQuiet ? quiet + 1 : 0;
      if (isQuiet && (profile.disk !== null || quiet === QUIET_TURNS)) {
        return { isIdle: true, steps: made };
      }
      if (made >= steps) return { isIdle: false, steps: made };
      next[Math.floor(this.unit() * next.length)]?.();
      made++;
    }
  }

  private isQuiet({ disk, tabs }: Profile): boolean {
    return disk !== null || [...tabs.values()].every(({ storing }) => storing === 0);
  }

  private tab(profile: Profile, command: Command): Tab {
    const found = profile.tabs.get(need(command.tab));
    if (found === undefined) throw new Error(`no tab ${command.tab ?? ''}`);
    return found;
  }

  private effectsOf(profile: Profile, isIdle: boolean, steps: number): Effects {
    const tabs = [...profile.tabs.values()];
    const asked = tabs.flatMap((tab) => [...tab.asked.values()]);
    const fresh = asked.filter(({ id }) => !this.told.has(id));
    for (const { id } of fresh) this.told.add(id);
    const written = tabs.flatMap(({ handed }) => handed);
    for (const tab of tabs) tab.handed = tab.handed.filter((one) => !one.isKept);
    const { outcomes } = this;
    this.outcomes = [];
    const reached = tabs.flatMap((tab) => [tab.phone.connection().state, ...tab.reached.splice(0)]);
    const due = tabs.flatMap(({ timers }) => timers.map(({ at }) => at));
    return {
      isIdle,
      steps,
      requests: fresh.map(requestOf),
      written: written.map(writtenOf),
      outcomes,
      reached,
      pending: profile.disk?.pending ?? 0,
      nextAt: due.length === 0 ? null : Math.min(...due),
    };
  }
}

/**
 * Waits until every promise that can be kept now has been, and whoever awaited them has gone on.
 *
 * A turn of the loop does this too, and asks the kernel for news each time, of which a disk in
 * memory has none.
 */
function promisesKept(): Promise<void> {
  return new Promise((keep) => {
    process.nextTick(keep);
  });
}

function requestOf({ id, request }: Asked): Effects['requests'][number] {
  return { ...request, id, body: base64(request.body ?? new Uint8Array()) };
}

function pictureIn(photo: string): PhotoFile {
  return { bytes: bytesOf(photo), type: 'image/jpeg', takenAt: Infinity };
}

function writtenOf({ entry, before, isKept }: Handed): Effects['written'][number] {
  const { seat, seq } = entry;
  const bytes = { head: base64(entry.head), change: base64(entry.change) };
  return { seat, seq, ...bytes, before: before === null ? null : base64(before), isKept };
}

/** Of an outcome, what the world may know. */
function only(outcome: Ended): Ended {
  const { kind, seat } = outcome;
  return seat === undefined ? { kind } : { kind, seat };
}

function need<T>(given: T | undefined): T {
  if (given === undefined) throw new Error('the command lacks something');
  return given;
}
