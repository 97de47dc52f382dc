/** The network as the browser gives it: a whole answer in time, or none. */
import type { Bytes } from '../sync/bytes';
import { type Net, type NetAnswer, type NetRequest, NoAnswer } from './world';

const MESSAGE = 'application/vnd.msgpack';
/** Below this, packing costs more bytes than it saves. */
const GZIP_BYTES_MIN = 512;

export const browserNet: Net = {
  ask: async (request) => {
    const signal = AbortSignal.timeout(request.timeoutMs);
    try {
      const response = await fetch(request.path, { ...(await initOf(request)), signal });
      return await answerOf(response);
    } catch (fault) {
      // A name that is not found, a certificate that ended, a cut connection, a short body: fetch
      // tells none apart, nor do its timings. A browser that sees no network at all is believed.
      if (fault instanceof TypeError || fault instanceof DOMException) {
        throw new NoAnswer(signal.aborted, navigator.onLine);
      }
      throw fault;
    }
  },
};

async function initOf({ method, body, gzip, etag }: NetRequest): Promise<RequestInit> {
  const headers = new Headers({ Accept: MESSAGE });
  if (etag !== undefined) headers.set('If-None-Match', etag);
  // No portal's redirect is followed, no proxy's or browser's copy is taken for an answer.
  const init = {
    method,
    headers,
    redirect: 'manual',
    cache: 'no-store',
    credentials: 'omit',
  } as const;
  if (body === undefined) return init;
  headers.set('Content-Type', MESSAGE);
  if (gzip !== true || body.length < GZIP_BYTES_MIN) return { ...init, body };
  headers.set('Content-Encoding', 'gzip');
  return { ...init, body: await packed(body) };
}

async function answerOf(response: Response): Promise<NetAnswer> {
  const retryAfter = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  return {
    status: response.status,
    contentType: response.headers.get('Content-Type') ?? '',
    etag: response.headers.get('ETag'),
    retryAfter: Number.isNaN(retryAfter) ? null : retryAfter,
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

async function packed(body: Bytes): Promise<Bytes> {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
