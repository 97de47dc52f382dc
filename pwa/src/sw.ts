/**
 * Keeps the app itself on the phone, so that it opens cold and at any address with no network.
 *
 * 1. Holds the app's own files and nothing else: no answer of the office, no personal data.
 * 2. Never answers for `/sync/`, the desk or the public pages.
 * 3. A new build waits until the app asks it in.
 * 4. What is large and not always needed (the code reader) is kept once it has been asked for, and
 *    outlives a build that still names it.
 */
declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: readonly string[];
declare const __ON_DEMAND__: readonly string[];
declare const __BUILD__: string;

export {};

const PREFIX = 'luudong-app-';
const CACHE = PREFIX + __BUILD__;
const LATER = `${PREFIX}on-demand`;
const FILES: readonly string[] = __PRECACHE__;
const SCOPE = new URL('./', self.location.href);
const SHELL = new URL('index.html', SCOPE).href;
const ON_DEMAND: readonly string[] = __ON_DEMAND__.map((name) => new URL(name, SCOPE).href);

self.addEventListener('install', (event) => {
  // Past the browser's own cache: a build must not be made of two builds' files.
  const wanted = FILES.map((name) => new Request(new URL(name, SCOPE), { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(wanted)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldBuilds().then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  if (event.data === 'apply') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return;
  if (ON_DEMAND.includes(url.href)) event.respondWith(keepAndAnswer(request));
  else event.respondWith(request.mode === 'navigate' ? answer(SHELL, request) : answer(request.url, request));
});

async function answer(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return await cache.match(address, { ignoreSearch: true }) ?? fetch(request);
}

async function keepAndAnswer(request: Request): Promise<Response> {
  const cache = await caches.open(LATER);
  const kept = await cache.match(request.url);
  if (kept !== undefined) return kept;
  const fetched = await fetch(request);
  // A phone without room still reads codes, as long as it has network.
  if (fetched.ok) await cache.put(request.url, fetched.clone()).catch(() => undefined);
  return fetched;
}

async function dropOldBuilds(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names
    .filter((name) => name.startsWith(PREFIX) && name !== CACHE && name !== LATER)
    .map((name) => caches.delete(name)));
  const cache = await caches.open(LATER);
  const kept = await cache.keys();
  await Promise.all(kept
    .filter(({ url }) => !ON_DEMAND.includes(url))
    .map((request) => cache.delete(request)));
}
