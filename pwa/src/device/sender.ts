/**
 * Sends by itself: on open, when shown, when online, after a write, on a timer that grows.
 *
 * 1. One tab sends; the others are told.
 * 2. What the office asks for (`Retry-After`) is obeyed, with jitter, so that a van full of tablets
 *    does not come back as one.
 * 3. Switched off, it tries nothing until it is switched on; only the button passes.
 */
import { exchange } from './exchange';
import type { Connection, ConnectionState, ExchangeOutcome, Topic } from './outcomes';
import type { World } from './world';
import { PiecePace, type PhotosOutcome, sendPhotos } from './photo_sending';
import { dropSafePhotos } from './photos';
import { fetchReference, sameEtag } from './reference';
import { Pace } from './request';
import { keeping } from './trouble';
import { wipeIfDue } from './wiping';

/** After a success, others' changes are looked for; after a failure, the pause doubles. */
const PAUSE_GOOD_MS = 60_000;
const PAUSE_FIRST_MS = 4_000;
const PAUSE_MAX_MS = 5 * 60_000;
const PAUSE_BUSY_TAB_MS = 3_000;
/** A round trip longer than this is a weak network. */
const WEAK_MS = 8_000;
const LOCK = 'luudong-sender';
/** Text and photos by turns; beyond it, the sender starts anew. */
const ROUNDS_MAX = 20;

export class Sender {
  private readonly world: World;
  private readonly heard: (topic: Topic) => void;
  private readonly pace = new Pace();
  private readonly pieces: PiecePace;
  private isSwitchedOff = false;
  /** How long the last exchange took: photos may take their time, and the line be good. */
  private tookMs = 0;
  private running: Promise<ExchangeOutcome> | null = null;
  private isWanted = false;
  private isStarted = false;
  private failures = 0;
  /** Until when the office asked not to be asked, ms; only the button passes. */
  private notBefore = 0;
  private cancel: () => void = () => undefined;
  private now: Connection = {
    state: 'offline',
    lastExchangeAt: 0,
    sending: false,
    nextTryAt: null,
  };

  constructor(world: World, heard: (topic: Topic) => void) {
    this.world = world;
    this.heard = heard;
    this.pieces = new PiecePace(world.photos.pieces);
  }

  get connection(): Connection {
    return this.now;
  }

  start(): () => void {
    this.isStarted = true;
    const sleep = this.world.wakes(() => {
      this.poke();
    });
    this.poke();
    return () => {
      this.isStarted = false;
      sleep();
      this.cancel();
    };
  }

  /** There may be something to send, or somebody to send it to. */
  poke(): void {
    if (!this.isStarted) return;
    if (this.running !== null) this.isWanted = true;
    else if (this.world.clock.now() >= this.notBefore) void this.tryNow(false);
  }

  /** One exchange now. `byButton` also tries while the person works without network. */
  async tryNow(byButton: boolean): Promise<ExchangeOutcome> {
    this.cancel();
    this.running ??= this.run(byButton);
    return await this.running;
  }

  async pause(workOffline: boolean): Promise<void> {
    this.isSwitchedOff = workOffline;
    await this.world.store.changeDevice((device) => ({ ...device, workOffline }));
    this.heard('device');
    if (workOffline) {
      this.cancel();
      this.show({ state: 'paused', nextTryAt: null });
    } else {
      this.show({ state: 'offline' });
      this.poke();
    }
  }

  private async run(byButton: boolean): Promise<ExchangeOutcome> {
    this.isWanted = false;
    let outcome: ExchangeOutcome | 'busy';
    this.tookMs = 0;
    try {
      outcome = await keeping(async () => await this.attempt(byButton));
    } finally {
      this.running = null;
      this.show({ sending: false });
    }
    if (outcome === 'busy') outcome = { kind: 'elsewhere' };
    const concluded = outcome;
    await keeping(async () => {
      await this.conclude(concluded, this.tookMs);
    });
    return outcome;
  }

  private async attempt(byButton: boolean): Promise<ExchangeOutcome | 'busy'> {
    const { store, tabs } = this.world;
    const device = await store.device();
    if (device === null) return { kind: 'not-enrolled' };
    if (device.workOffline && !byButton) return { kind: 'paused' };
    return await tabs.alone(LOCK, async () => {
      this.show({ sending: true });
      const reference = async (etag: string): Promise<void> => {
        await this.refresh(etag);
      };
      return await this.sendAll(reference, byButton);
    });
  }

  /** The text, then photos; and the text again wherever the photos have to wait for it. */
  private async sendAll(
    reference: (etag: string) => Promise<void>,
    byButton: boolean,
  ): Promise<ExchangeOutcome> {
    const isWanted = (): boolean => this.isWanted;
    const goesOn = (): boolean => !isWanted() && (byButton || !this.isSwitchedOff);
    let [received, records] = [0, 0];
    for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) {
      this.isWanted = false;
      const begun = this.world.clock.now();
      // Opens the office's attachments to the person at work, for as long as an exchange is young.
      const tokens: string[] = [];
      const outcome = await exchange(this.world, this.pace, this.heard, reference, (token) => {
        tokens.push(token);
      });
      this.tookMs = this.world.clock.now() - begun;
      if (outcome.kind !== 'done') return outcome;
      received += outcome.received;
      records += outcome.records;
      const done = { ...outcome, received, records };
      const token = tokens.at(-1);
      if (outcome.more || token === undefined) return done;
      const photos = await this.sendPhotos(token, goesOn);
      // An order to hand in waits for the photos too.
      if (photos.kind === 'done' && (await wipeIfDue(this.world, this.heard))) {
        return { kind: 'wiped' };
      }
      if (photos.kind === 'done') return { ...done, photos: photos.sent };
      if (photos.kind === 'interrupted' && !isWanted()) return { kind: 'paused' };
      if (photos.kind !== 'no-token' && photos.kind !== 'interrupted') return photos;
    }
    return { kind: 'done', received, records, photos: 0, more: true };
  }

  private async sendPhotos(token: string, goesOn: () => boolean): Promise<PhotosOutcome> {
    const { heard, pieces: pace } = this;
    const outcome = await sendPhotos(this.world, { token, pace, goesOn, heard });
    // Also where some wait on, perhaps for ever: those that the office does not know.
    if (outcome.kind === 'done') await dropSafePhotos(this.world.store);
    return outcome;
  }

  private async refresh(etag: string): Promise<void> {
    const stored = await this.world.store.reference();
    if (stored !== null && sameEtag(stored.etag, etag)) return;
    const fetched = await fetchReference(this.world);
    if (fetched.kind === 'fetched') this.heard('reference');
  }

  private async conclude(outcome: ExchangeOutcome, tookMs: number): Promise<void> {
    const device = await this.world.store.device();
    const isGood = outcome.kind === 'done';
    if (isGood) this.failures = 0;
    else if (outcome.kind !== 'elsewhere') this.failures++;
    const hasReader = device !== null && device.seat !== null;
    this.show({
      state: stateAfter(outcome, tookMs > WEAK_MS, hasReader) ?? this.now.state,
      lastExchangeAt: device?.lastExchangeAt ?? 0,
    });
    this.plan(outcome);
  }

  private plan(outcome: ExchangeOutcome): void {
    const pause = this.isWanted && outcome.kind === 'done' ? 0 : this.pauseAfter(outcome);
    this.cancel();
    if (!this.isStarted || pause === null) {
      this.show({ nextTryAt: null });
      return;
    }
    const now = this.world.clock.now();
    this.notBefore = askedPauseMs(outcome) > 0 ? now + pause : 0;
    this.cancel = this.world.clock.after(pause, () => {
      this.poke();
    });
    this.show({ nextTryAt: now + pause });
  }

  /** Milliseconds, with jitter; null: not by itself. What the office asks for is never undercut. */
  private pauseAfter(outcome: ExchangeOutcome): number | null {
    const { kind } = outcome;
    if (kind === 'paused' || kind === 'not-enrolled' || kind === 'wiped') return null;
    if (outcome.kind === 'elsewhere') return PAUSE_BUSY_TAB_MS;
    const jitter = 1 + this.world.random.unit() / 2;
    if (outcome.kind === 'done') return Math.round(PAUSE_GOOD_MS * jitter);
    const grown = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** (this.failures - 1));
    const asked = askedPauseMs(outcome);
    return Math.round(Math.max(asked, grown) * jitter);
  }

  private show(change: Partial<Connection>): void {
    this.now = { ...this.now, ...change };
    this.heard('connection');
  }
}

/** How long the office asked to be left alone, ms. */
function askedPauseMs(outcome: ExchangeOutcome): number {
  return 'retryAfterSeconds' in outcome ? (outcome.retryAfterSeconds ?? 0) * 1000 : 0;
}

/** Refusals that a person can end by joining or signing in; the others end by trying again. */
const UNKNOWN_HERE = new Set(['unknown-device', 'wrong-office']);

function stateAfter(
  outcome: ExchangeOutcome,
  isWeak: boolean,
  hasReader: boolean,
): ConnectionState | null {
  switch (outcome.kind) {
    case 'done':
      if (!hasReader) return 'sign-in';
      return isWeak ? 'weak' : 'online';
    case 'slow':
      return 'weak';
    case 'offline':
    case 'unreachable':
    case 'wrong-date':
      return outcome.kind;
    case 'captive':
      return 'captive';
    case 'paused':
      return 'paused';
    case 'not-enrolled':
    case 'wiped':
      return 'sign-in';
    case 'refused':
      if (outcome.code.startsWith('device-')) return 'online';
      return UNKNOWN_HERE.has(outcome.code) ? 'sign-in' : 'server-error';
    case 'busy':
      return 'busy';
    case 'server-error':
    case 'untrusted':
      return 'server-error';
    default:
      return null;
  }
}
