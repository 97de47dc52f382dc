/**
 * Which builds of the app may leave a phone: those whose files no open page can still ask for.
 *
 * A page names the build that it runs by the script that it began with, in a lock that it holds for
 * as long as it lives: the browser lets go of it, however the page ends.
 */

/** The lock of a page; what follows the blank is the address of its first script. */
export type PageLock = `luudong-page ${string}`;
/** What a page asks of the worker: to take over, or to drop what nobody needs any more. */
export type WorkerWish = 'apply' | 'tidy';

const OF_PAGE = 'luudong-page ';

export interface Build {
  /** Of the cache that holds it. */
  readonly name: string;
  readonly addresses: readonly string[];
}

/**
 * The caches to drop, beside `own`.
 *
 * `locks` are the names of all that are held, null where the browser has none; `pages` is how many
 * pages of the app are open, whatever they say of themselves.
 */
export function leavingBuilds(
  builds: readonly Build[],
  own: string,
  locks: readonly string[] | null,
  pages: number,
): string[] {
  const others = builds.filter(({ name }) => name !== own);
  if (pages === 0) return others.map(({ name }) => name);
  const named = (locks ?? [])
    .filter((lock) => lock.startsWith(OF_PAGE))
    .map((lock) => lock.slice(OF_PAGE.length));
  // A page that has not said what it runs (it only just opens, or is older) may need any of them.
  if (named.length < pages) return [];
  return others
    .filter(({ addresses }) => !named.some((script) => addresses.includes(script)))
    .map(({ name }) => name);
}
