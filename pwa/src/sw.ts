/**
 * Keeps the app itself on the phone, so that it opens cold and at any address with no network.
 *
 * 1. Holds the app's own files and nothing else: no answer of the office, no personal data.
 * 2. Never answers for `/sync/`, the desk or the public pages.
 * 3. A new build waits until the app asks it in, or until no page of the app is open (UX-62).
 * 4. The files of an older build stay for as long as a page runs it: what it fetches later is
 *    still there, though the office has only the new ones.
 * 5. What is large and not always needed (the code reader) is kept once it has been asked for, and
 *    outlives a build that still names it.
 * 6. Says what the office wakes this phone for, without opening or reading anything of anybody's,
 *    and lets open pages exchange at once.
 * 7. Takes papers that another app shares into this one, and keeps them sealed alone.
 */
import { type Build, type WorkerWish, leavingBuilds } from './worker/builds';
import { SHARE, takeShared } from './worker/shared';
import { ATTENTION, type PageWish, kindOf, noticeOf } from './worker/notices';

declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: readonly string[];
declare const __ON_DEMAND__: readonly string[];
declare const __BUILD__: string;

const PREFIX = 'luudong-app-';
const CACHE = PREFIX + __BUILD__;
/** The one word that pages leave for the worker: see `live/display.svelte.ts`. */
const LANGUAGE = 'luudong-language';
const LATER = `${PREFIX}on-demand`;
const FILES: readonly string[] = __PRECACHE__;
const SCOPE = new URL('./', self.location.href);
const SHELL = new URL('index.html', SCOPE).href;
const SHARED = new URL(SHARE, SCOPE).href;
const ON_DEMAND: readonly string[] = __ON_DEMAND__.map((name) => new URL(name, SCOPE).href);

self.addEventListener('install', (event) => {
  // Past the browser's own cache: a build must not be made of two builds' files.
  const wanted = FILES.map((name) => new Request(new URL(name, SCOPE), { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(wanted)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  const wish = event.data as WorkerWish;
  if (wish === 'apply') void self.skipWaiting();
  else event.waitUntil(tidy());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === 'POST' && url.href === SHARED) event.respondWith(share(request));
  if (request.method !== 'GET' || url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return;
  if (ON_DEMAND.includes(url.href)) event.respondWith(keepAndAnswer(request));
  else event.respondWith(request.mode === 'navigate' ? answer(SHELL, request) : answer(request.url, request));
});

self.addEventListener('push', (event) => {
  event.waitUntil(giveNotice(event.data?.text()));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openAtAttention());
});

// The browser has taken another address by itself, or was asked to: pages tell the office of it.
self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(subscribeAgain(event));
});

async function share(request: Request): Promise<Response> {
  // Seen as any other page then: nobody can send the form twice by going back, or by loading it anew.
  return Response.redirect(new URL(await takeShared(request), SCOPE).href, 303);
}

async function giveNotice(payload: string | undefined): Promise<void> {
  const kind = kindOf(payload);
  const { title, ...about } = noticeOf(kind, await language());
  const icon = new URL('icon-192.png', SCOPE).href;
  await self.registration.showNotification(title, { ...about, icon });
  for (const page of await ownPages()) page.postMessage({ woken: kind } satisfies PageWish);
}

async function openAtAttention(): Promise<void> {
  const [page] = await ownPages();
  if (page === undefined) {
    await self.clients.openWindow(new URL(ATTENTION, SCOPE).href);
    return;
  }
  page.postMessage({ woken: 'other', show: ATTENTION } satisfies PageWish);
  // Browsers refuse it where they have not seen the press themselves; the page has heard by then.
  await page.focus().catch(() => undefined);
}

async function subscribeAgain(event: PushSubscriptionChangeEvent): Promise<void> {
  const applicationServerKey = event.oldSubscription?.options.applicationServerKey ?? null;
  if (event.newSubscription === null && applicationServerKey !== null) {
    await self.registration.pushManager
      .subscribe({ userVisibleOnly: true, applicationServerKey })
      // Then there is none any more: the app sees that when it is opened.
      .catch(() => undefined);
  }
  for (const page of await ownPages()) page.postMessage({ woken: 'other' } satisfies PageWish);
}

async function ownPages(): Promise<WindowClient[]> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return pages.filter(({ url }) => url.startsWith(SCOPE.href));
}

async function language(): Promise<string> {
  const cache = await caches.open(LANGUAGE);
  return await (await cache.match(new URL('language', SCOPE)))?.text() ?? 'vi';
}

async function answer(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return await cache.match(address, { ignoreSearch: true })
    // A page of an older build: its files are named after their content, so any is the right one.
    ?? await caches.match(address, { ignoreSearch: true })
    ?? fetch(request);
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

async function tidy(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== LATER);
  // Looked at after the names were: what belongs to a build that is on its way is not among them.
  const { installing, waiting } = self.registration;
  if (installing !== null || waiting !== null || names.every((name) => name === CACHE)) return;
  const [builds, locks, pages] = await Promise.all([
    Promise.all(names.map(readBuild)),
    heldLocks(),
    ownPages(),
  ]);
  const leaving = leavingBuilds(builds, CACHE, locks, pages.length);
  await Promise.all(leaving.map((name) => caches.delete(name)));
  if (leaving.length < names.filter((name) => name !== CACHE).length) return;
  const cache = await caches.open(LATER);
  const kept = await cache.keys();
  await Promise.all(kept
    .filter(({ url }) => !ON_DEMAND.includes(url))
    .map((request) => cache.delete(request)));
}

async function readBuild(name: string): Promise<Build> {
  const cache = await caches.open(name);
  return { name, addresses: (await cache.keys()).map(({ url }) => url) };
}

async function heldLocks(): Promise<string[] | null> {
  if (!('locks' in self.navigator)) return null;
  const { held } = await self.navigator.locks.query();
  return (held ?? []).map(({ name }) => name ?? '');
}
