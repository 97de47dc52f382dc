/** What photos need of this browser: a worker that draws, the office's door, the disk's room. */
import type { Bytes } from '../sync/bytes';
import { ATTACHMENT_BYTES_MAX } from '../sync/limits';
import {
  type DoorAnswer,
  type DoorRequest,
  NoAnswer,
  type PhotoTools,
  type Prepared,
} from './world';

/** A picture that takes longer than this will not come. */
const DRAW_MS_MAX = 60_000;
const SEND_MS_MAX = 90_000;
const PDF_HEAD = '%PDF-';
const PDF_TAIL = '%%EOF';

export const browserPhotos: PhotoTools = {
  prepare: async (raw, type) => (type === 'application/pdf' ? checkPdf(raw) : await draw(raw, type)),
  room,
  origin: globalThis.location.origin,
  send,
};

async function draw(raw: Bytes, type: string): Promise<Prepared | 'unreadable'> {
  const worker = new Worker(new URL('photo_worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise((resolve) => {
      setTimeout(() => {
        resolve('unreadable');
      }, DRAW_MS_MAX);
      worker.addEventListener('message', ({ data }: MessageEvent<Prepared | 'unreadable'>) => {
        resolve(data);
      });
      worker.addEventListener('error', () => {
        resolve('unreadable');
      });
      worker.postMessage(new Blob([raw], { type }));
    });
  } finally {
    // With it goes the picture's memory, at once.
    worker.terminate();
  }
}

/** A document goes as it is; what the office never takes need not wait for the office to say so. */
function checkPdf(raw: Bytes): Prepared | 'unreadable' {
  const text = (from: number, to?: number): string =>
    new TextDecoder('latin1').decode(raw.subarray(from, to));
  const isWhole = text(0, PDF_HEAD.length) === PDF_HEAD && text(-32).trimEnd().endsWith(PDF_TAIL);
  const isFit = isWhole && raw.length <= ATTACHMENT_BYTES_MAX && !/\/Encrypt\b/.test(text(0));
  if (!isFit) return 'unreadable';
  return { bytes: raw, type: 'application/pdf', thumbnail: new Uint8Array(), hint: null };
}

async function room(): Promise<number | null> {
  const { storage } = navigator as Partial<Navigator>;
  const { quota, usage } = (await storage?.estimate()) ?? {};
  return quota === undefined || usage === undefined ? null : quota - usage;
}

async function send({ method, address, headers, body }: DoorRequest): Promise<DoorAnswer> {
  const signal = AbortSignal.timeout(SEND_MS_MAX);
  try {
    const answer = await fetch(address, {
      ...{ method, headers, body, signal },
      redirect: 'manual',
      cache: 'no-store',
      credentials: 'omit',
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return { status: answer.status, header: (name) => answer.headers.get(name), body: bytes };
  } catch (fault) {
    if (fault instanceof TypeError || fault instanceof DOMException) {
      throw new NoAnswer(signal.aborted, navigator.onLine);
    }
    throw fault;
  }
}
