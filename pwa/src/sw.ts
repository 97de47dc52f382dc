/**
 * Keeps the app itself on the phone, so that it opens cold and at any address with no network.
 *
 * 1. Holds the files of one build and nothing else: no answer of the office, no personal data.
 * 2. Never answers for `/sync/`, the desk or the public pages.
 * 3. A new build waits until the app asks it in.
 */
declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: readonly string[];
declare const __BUILD__: string;

export {};

const PREFIX = 'luudong-app-';
const CACHE = PREFIX + __BUILD__;
const FILES: readonly string[] = __PRECACHE__;
const SCOPE = new URL('./', self.location.href);
const SHELL = new URL('index.html', SCOPE).href;

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
  event.respondWith(request.mode === 'navigate' ? answer(SHELL, request) : answer(request.url, request));
});

async function answer(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return await cache.match(address, { ignoreSearch: true }) ?? fetch(request);
}

async function dropOldBuilds(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names
    .filter((name) => name.startsWith(PREFIX) && name !== CACHE)
    .map((name) => caches.delete(name)));
}
