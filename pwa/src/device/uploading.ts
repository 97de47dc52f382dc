/**
 * One photo to the office by tus 1.0, from where the office's copy of it ends.
 *
 * The tus client is loaded when there is a photo to send. It speaks through our own stack, which
 * sends nothing to a foreign address and takes no portal's answer for the office's. What is to be
 * done after a failure is decided by the sender, never by the client.
 */
import type { HttpRequest, HttpResponse, HttpStack, UploadOptions } from 'tus-js-client';
import type { StoredPhoto } from '../store/photo';
import type { Bytes } from '../sync/bytes';
import type { Trouble } from './outcomes';
import { lackOf } from './unreached';
import { type DoorAnswer, NoAnswer, type PhotoTools } from './world';

const DOOR = '/sync/attachments/';

export type UploadOutcome =
  | { readonly kind: 'held' }
  /** These bytes will never be taken. */
  | { readonly kind: 'refused-content' }
  /** The office does not know the photo, or not for this person: later, perhaps. */
  | { readonly kind: 'unknown' }
  /** The upload is gone; a new one begins at 0. */
  | { readonly kind: 'gone' | 'wrong-bytes' }
  /** The office's copy ends elsewhere than we thought: ask it. */
  | { readonly kind: 'elsewhere-ends' }
  | { readonly kind: 'no-token' | 'interrupted' }
  | Trouble;

export interface Uploading {
  readonly tools: PhotoTools;
  readonly token: string;
  readonly photo: StoredPhoto;
  readonly bytes: Bytes;
  readonly pieceBytes: number;
  /** Asked before each request; false ends the upload where it is. */
  readonly goesOn: () => boolean;
  /** Told how far the office's copy goes, each time that it says so. */
  readonly told: (address: string, offset: number) => Promise<void>;
}

export async function upload(one: Uploading): Promise<UploadOutcome> {
  const { Upload } = await import('tus-js-client');
  const { photo, bytes, token, tools } = one;
  const stack = new DoorStack(one);
  return await new Promise<UploadOutcome>((resolve) => {
    const known = photo.upload === null ? {} : { uploadUrl: tools.origin + photo.upload.address };
    new Upload(new Blob(), {
      ...known,
      endpoint: tools.origin + DOOR,
      uploadSize: bytes.length,
      chunkSize: one.pieceBytes,
      metadata: { record: withHyphens(photo.record), digest: photo.digest, type: photo.type },
      headers: { Authorization: `Bearer ${token}` },
      retryDelays: [],
      storeFingerprintForResuming: false,
      httpStack: stack,
      fileReader: readerOf(bytes),
      onSuccess: () => {
        resolve({ kind: 'held' });
      },
      onError: () => {
        resolve(stack.ended ?? { kind: 'server-error' });
      },
    }).start();
  });
}

/** Why the client's next request is not made; it never shows outside. */
class Ended extends Error {}

class DoorStack implements HttpStack {
  ended: UploadOutcome | null = null;
  private readonly one: Uploading;

  constructor(one: Uploading) {
    this.one = one;
  }

  getName(): string {
    return 'office';
  }

  createRequest(method: string, url: string): HttpRequest {
    const headers: Record<string, string> = {};
    return {
      getMethod: () => method,
      getURL: () => url,
      setHeader: (name, value) => {
        headers[name] = value;
      },
      getHeader: (name) => headers[name],
      setProgressHandler: () => undefined,
      send: async (body: unknown) => {
        const piece = body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : null;
        return await this.send(method, url, headers, piece);
      },
      abort: () => Promise.resolve(),
      getUnderlyingObject: () => null,
    };
  }

  private async send(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    body: Bytes | null,
  ): Promise<HttpResponse> {
    const { tools, goesOn } = this.one;
    if (!goesOn()) this.end({ kind: 'interrupted' });
    const address = url.slice(tools.origin.length);
    // Whatever an answer named as the upload's address: the token goes to the office alone.
    if (!url.startsWith(tools.origin + DOOR)) this.end({ kind: 'untrusted' });
    let answer: DoorAnswer;
    try {
      answer = await tools.send({ method, address, headers, body });
    } catch (fault) {
      if (!(fault instanceof NoAnswer)) throw fault;
      return this.end({ kind: lackOf(fault) });
    }
    const outcome = outcomeOf(method, answer, this.one.bytes.length);
    if (outcome !== null) this.end(outcome);
    await this.tellOffset(method, address, answer);
    return {
      getStatus: () => answer.status,
      getHeader: (name) => answer.header(name) ?? undefined,
      getBody: () => '',
      getUnderlyingObject: () => null,
    };
  }

  private async tellOffset(method: string, address: string, answer: DoorAnswer): Promise<void> {
    const offset = Number(answer.header('Upload-Offset') ?? 'NaN');
    if (answer.status >= 300 || !Number.isSafeInteger(offset)) return;
    const { origin } = this.one.tools;
    if (method !== 'POST') await this.one.told(address, offset);
    else {
      const made = new URL(answer.header('Location') ?? '', origin + DOOR);
      if (made.origin === origin) await this.one.told(made.pathname, offset);
    }
  }

  private end(outcome: UploadOutcome): never {
    this.ended = outcome;
    throw new Ended(outcome.kind);
  }
}

/** What an answer comes to; null where the tus client knows how to go on. */
function outcomeOf(method: string, answer: DoorAnswer, size: number): UploadOutcome | null {
  const { status } = answer;
  // The office's door says so in all its answers, its errors too; portals and proxies do not.
  const isOurs = answer.header('Tus-Resumable') !== null;
  if (!isOurs) return status >= 500 ? { kind: 'server-error' } : { kind: 'captive' };
  if (status === 201 && Number(answer.header('Upload-Offset')) === size) return { kind: 'held' };
  if (status < 300) return null;
  if (status === 401) return { kind: 'no-token' };
  if (status === 429 || status === 503) return { kind: 'busy', ...retryAfter(answer) };
  if (status >= 500 || status === 499) return { kind: 'server-error' };
  if (status === 415 || status === 413) return { kind: 'refused-content' };
  if (status === 460) return { kind: 'wrong-bytes' };
  if (status === 409) return { kind: 'elsewhere-ends' };
  if (method === 'POST') return status === 404 ? { kind: 'unknown' } : { kind: 'server-error' };
  // Asked for one that is gone, the client itself begins a new one.
  if (status === 404 || status === 410) return method === 'HEAD' ? null : { kind: 'gone' };
  return { kind: 'server-error' };
}

function retryAfter(answer: DoorAnswer): { readonly retryAfterSeconds: number | null } {
  const seconds = Number.parseInt(answer.header('Retry-After') ?? '', 10);
  return { retryAfterSeconds: Number.isNaN(seconds) ? null : seconds };
}

/** The bytes as they lie in memory, without the client's own ways of reading files. */
function readerOf(bytes: Bytes): NonNullable<UploadOptions['fileReader']> {
  const whole = new Blob([bytes]);
  const source = {
    size: whole.size,
    slice: (start: number, end: number) =>
      Promise.resolve({ value: whole.slice(start, end), done: end >= whole.size }),
    close: () => undefined,
  };
  return { openFile: () => Promise.resolve(source) };
}

/** A record's id as addresses and metadata have it. */
function withHyphens(record: string): string {
  return record.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
