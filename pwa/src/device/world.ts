/** What a phone asks of the world, handed to it so that tests can give another. */
import type { PhotoHint } from '../store/photo';
import type { Store } from '../store/port';
import type { VaultSealing } from '../store/vault_sealing';
import type { Seals } from '../sync/bundle';
import type { Bytes } from '../sync/bytes';
import type { PushAddress } from '../sync/push';
import type { PasskeyFault, Topic } from './outcomes';
import type { Stretch, Stretching } from './vault_keys';

export interface Clock {
  /** Milliseconds since the epoch, as this phone believes. */
  now(): number;
  /** ISO civil time with zone: `2026-11-22T14:20:05+07:00`. */
  civil(ms: number): string;
  /** Calls once after so many ms; the answer cancels. */
  after(ms: number, deed: () => void): () => void;
}

export interface Random {
  bytes(count: number): Bytes;
  /** A number from 0 up to, not including, 1. */
  unit(): number;
}

export interface NetAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly etag: string | null;
  /** Seconds; null where the answer does not say. */
  readonly retryAfter: number | null;
  readonly body: Bytes;
}

export interface NetRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Bytes;
  readonly gzip?: boolean;
  readonly etag?: string;
  readonly timeoutMs: number;
}

/** Throws `NoAnswer` when there was no whole answer in time. */
export interface Net {
  ask(request: NetRequest): Promise<NetAnswer>;
}

export class NoAnswer extends Error {
  readonly code = 'no-answer';
  readonly slow: boolean;
  /** Whether the phone had a network at all, as it believed: one that may lead nowhere. */
  readonly hasNetwork: boolean;
  constructor(slow: boolean, hasNetwork = false) {
    super(slow ? 'no answer in time' : 'no answer');
    this.slow = slow;
    this.hasNetwork = hasNetwork;
  }
}

/** Moments when a network may have come: shown again, online again. */
export type Wakes = (wake: () => void) => () => void;

/** One sender in all tabs, and word between them. */
export interface Tabs {
  /** Runs the deed if no other tab is at it; otherwise answers `busy` at once. */
  alone<T>(name: string, deed: () => Promise<T>): Promise<T | 'busy'>;
  tell(topic: Topic): void;
  hear(listener: (topic: Topic) => void): () => void;
}

/** What an app keeps outside the store: caches but its own files, keys of the browser's storage. */
export interface Remains {
  /** Takes all of it away; to do it twice is harmless. */
  clear(): Promise<void>;
}

/** A photo drawn anew: nothing of what the camera wrote beside the picture is in it. */
export interface Prepared {
  readonly bytes: Bytes;
  readonly type: string;
  readonly thumbnail: Bytes;
  /** What a person should look at again; null where nothing was seen. */
  readonly hint: PhotoHint | null;
}

export interface DoorRequest {
  readonly method: string;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes | null;
}

export interface DoorAnswer {
  readonly status: number;
  header(name: string): string | null;
  readonly body: Bytes;
}

/** How large the pieces are in which a photo goes, in bytes. */
export interface PieceSizes {
  readonly min: number;
  readonly start: number;
  readonly max: number;
}

/** What photos need beyond the phone's store. */
export interface PhotoTools {
  /** One at a time: a picture takes fifty times its file in memory. */
  prepare(raw: Bytes, type: string): Promise<Prepared | 'unreadable'>;
  /** Bytes that the browser still lets us write; null where it does not say. */
  room(): Promise<number | null>;
  /** The office's address, without a path: nothing is sent elsewhere. */
  readonly origin: string;
  /** Absent for the usual; smaller where photos are. */
  readonly pieces?: PieceSizes;
  /** Throws `NoAnswer` when there was no whole answer in time. */
  send(request: DoorRequest): Promise<DoorAnswer>;
}

/** All of the world that a phone is given. */
export interface World {
  readonly remains: Remains;
  readonly clock: Clock;
  readonly random: Random;
  readonly net: Net;
  readonly tabs: Tabs;
  readonly wakes: Wakes;
  readonly store: Store;
  readonly seals: Seals;
  readonly photos: PhotoTools;
  /** Null where nothing is locked: in simulations. */
  readonly vaults: Vaults | null;
  /** Fetched when asked for; absent where nobody can be woken. */
  readonly push?: () => Promise<PushBrowser>;
  readonly appVersion: string;
  /** The day from which this version of the app has been, ms: no true date is earlier. */
  readonly released: number;
}

/** `none` where the browser knows no push; `default` before it has asked its question. */
export type PushPermission = NotificationPermission | 'none';

/** What this browser can do about being woken. */
export interface PushBrowser {
  permission(): PushPermission;
  /** Lets the browser ask its question, if it has not; only from a press of a button. */
  ask(): Promise<PushPermission>;
  /** `unknown` where the browser does not say: that is no reason to believe that there is none. */
  current(): Promise<PushAddress | null | 'unknown'>;
  /** `no-service` also where the browser's push service did not answer in time. */
  subscribe(key: Bytes): Promise<PushAddress | 'no-service' | 'refused-by-browser'>;
  unsubscribe(): Promise<void>;
}

/** What vaults are opened with. */
export interface Vaults {
  /** The same that the store seals with. */
  readonly sealing: VaultSealing;
  readonly stretch: Stretch;
  /** What a guess of a new PIN is to cost; absent for the usual. */
  readonly cost?: Pick<Stretching, 'memoryKib' | 'passes'>;
  /** Fetched when asked for; absent where there can be none. */
  readonly passkeys?: () => Promise<Passkeys>;
}

/** The passkeys that this phone keeps behind its own lock: a finger, a face, its code. */
export interface Passkeys {
  /** Whether there is such a lock, and one that can answer secrets (PRF). */
  isHere(): Promise<boolean>;
  /** `user` is whose it is, to the phone; a second one of theirs takes the place of the first. */
  make(user: Bytes, name: string, salt: Bytes): Promise<MadePasskey | PasskeyFault>;
  /** What a passkey says to a salt: always the same secret, and to nobody else. */
  ask(credential: Bytes, salt: Bytes): Promise<Bytes | PasskeyFault>;
  /** Lets the phone's own list of passkeys know that it is of no use any more. */
  forget(credential: Bytes): Promise<void>;
}

export interface MadePasskey {
  readonly credential: Bytes;
  readonly answer: Bytes;
}
