/** What a tab has asked of the office, and what comes back: bytes in base64, as the world has them. */
import type { DoorAnswer, NetAnswer, NoAnswer } from '../../src/device/world';
import type { Bytes } from '../../src/sync/bytes';

/** As much of a request as the world needs to carry it. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes | null;
}

export interface Said {
  readonly status: number;
  readonly contentType: string;
  /** Their names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request that waits for its answer. */
export interface Asked {
  readonly id: number;
  readonly request: Request;
  /** When it is given up, by the time that has passed on the phone. */
  readonly until: number;
  readonly answer: (said: Said) => void;
  readonly giveUp: (why: NoAnswer) => void;
}

export function netAnswer({ status, contentType, body }: Said): NetAnswer {
  return { status, contentType, etag: null, retryAfter: null, body: bytesOf(body) };
}

export function doorAnswer({ status, headers = {}, body }: Said): DoorAnswer {
  return { status, header: (name) => headers[name.toLowerCase()] ?? null, body: bytesOf(body) };
}

export function bytesOf(text: string): Bytes {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
