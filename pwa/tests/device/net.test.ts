/** The browser's network: what is asked of it, and what counts as no answer. */
import { expect, it, vi } from 'vitest';
import { browserNet } from '../../src/device/net';
import { NoAnswer } from '../../src/device/world';

const POST = { method: 'POST', path: '/sync/exchange', timeoutMs: 50 } as const;

it('packs what is worth it, follows no redirect, believes no copy', async () => {
  const fetched = stubFetch(() => Promise.resolve(new Response('x')));
  const body = new Uint8Array(2_000);
  await browserNet.ask({ ...POST, body, gzip: true });
  const [path, init] = fetched.mock.lastCall ?? [];
  const headers = new Headers(init?.headers);
  const stream = new Blob([init?.body as Uint8Array<ArrayBuffer>]).stream();
  const unpacked = await new Response(
    stream.pipeThrough(new DecompressionStream('gzip')),
  ).arrayBuffer();

  expect(path).toBe('/sync/exchange');
  expect(new Uint8Array(unpacked)).toEqual(body);
  expect(headers.get('Content-Encoding')).toBe('gzip');
  expect(headers.get('Content-Type')).toBe('application/vnd.msgpack');
  expect(init).toMatchObject({ redirect: 'manual', cache: 'no-store', credentials: 'omit' });
});

it('sends little as it is, and asks by etag', async () => {
  const fetched = stubFetch(() => Promise.resolve(new Response('x')));
  await browserNet.ask({ ...POST, body: new Uint8Array(10), gzip: true, etag: '"r1"' });
  const headers = new Headers(fetched.mock.lastCall?.[1]?.headers);

  expect(headers.has('Content-Encoding')).toBe(false);
  expect(headers.get('If-None-Match')).toBe('"r1"');
});

it('gives what an answer says', async () => {
  const headers = { 'Content-Type': 'text/plain', ETag: '"r2"', 'Retry-After': '30' };
  stubFetch(() => Promise.resolve(new Response('ab', { status: 503, headers })));

  expect(await browserNet.ask(POST)).toEqual({
    status: 503,
    contentType: 'text/plain',
    etag: '"r2"',
    retryAfter: 30,
    body: Uint8Array.of(97, 98),
  });
});

it('tells a network that is gone from one that is too slow', async () => {
  vi.stubGlobal('navigator', { onLine: false });
  stubFetch(() => Promise.reject(new TypeError('Failed to fetch')));
  const gone = await faultOf(browserNet.ask(POST));
  stubFetch(
    async (_path, init) =>
      await new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => {
          reject(new DOMException('late', 'TimeoutError'));
        });
      }),
  );
  const slow = await faultOf(browserNet.ask(POST));

  expect([gone, slow]).toEqual([new NoAnswer(false), new NoAnswer(true)]);
  expect([gone, slow].map((fault) => fault instanceof NoAnswer && fault.slow)).toEqual([
    false,
    true,
  ]);
});

it('takes a body that breaks off for no answer', async () => {
  const broken = new ReadableStream({
    start: (stream) => {
      stream.enqueue(Uint8Array.of(1));
      stream.error(new TypeError('network error'));
    },
  });
  stubFetch(() => Promise.resolve(new Response(broken)));

  expect(await faultOf(browserNet.ask(POST))).toBeInstanceOf(NoAnswer);
});

it('says whether there was a network to fail (FAULT-31)', async () => {
  vi.stubGlobal('navigator', { onLine: true });
  stubFetch(() => Promise.reject(new TypeError('Failed to fetch')));

  expect(await faultOf(browserNet.ask(POST))).toEqual(new NoAnswer(false, true));
});

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

function stubFetch(answer: Fetch) {
  const fetched = vi.fn<Fetch>(answer);
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

async function faultOf(deed: Promise<unknown>): Promise<unknown> {
  return await deed.then(
    () => null,
    (fault: unknown) => fault,
  );
}
