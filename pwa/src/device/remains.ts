/**
 * What the app keeps in this browser outside its database: keys of its storage, caches, files.
 *
 * The app's own files stay: a wiped phone starts without network and says that it was wiped.
 */
import type { Remains } from './world';

/** The caches of the app's own files begin so (`src/sw.ts`). */
const OWN_FILES = 'luudong-app-';
/** Among them, what is fetched when it is first needed, whatever the build. */
export const ON_DEMAND_FILES = `${OWN_FILES}on-demand`;

export const browserRemains: Remains = {
  clear: async () => {
    localStorage.clear();
    sessionStorage.clear();
    await clearCaches();
    await clearFiles();
    await endPush();
  },
};

/** Nobody is woken on a phone that was wiped, whatever the office remembers. */
async function endPush(): Promise<void> {
  const { browserPush } = await import('./browser_push');
  await browserPush.unsubscribe();
}

async function clearCaches(): Promise<void> {
  if (!('caches' in globalThis)) return;
  const names = (await caches.keys()).filter((name) => !name.startsWith(OWN_FILES));
  await Promise.all(names.map(async (name) => await caches.delete(name)));
}

/** The browser's private file system, where it has one. */
async function clearFiles(): Promise<void> {
  if (!('storage' in navigator) || !('getDirectory' in navigator.storage)) return;
  try {
    const root = await navigator.storage.getDirectory();
    for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
  } catch (fault) {
    // Some private windows have the door and no room behind it: nothing can lie there.
    if (!(fault instanceof DOMException)) throw fault;
  }
}
