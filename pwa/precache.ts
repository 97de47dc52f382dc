/**
 * Gives the service worker the list of files that make up this build, and a digest of them all.
 *
 * `src/sw.ts` names three constants, `__PRECACHE__` (addresses below the worker's own folder),
 * `__ON_DEMAND__` (those that are fetched when they are first needed) and `__BUILD__` (changes
 * whenever any file does); they are filled in here, when all names are known.
 * Fifteen lines instead of Workbox and its three hundred packages.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const WORKER = 'sw.js';
/** As large as the whole app, and not needed where the browser reads codes by itself. */
const ON_DEMAND = '.wasm';
/** What a browser shows of an app before it is installed; the app itself never does. */
const SHOWN_BEFORE = 'screenshots/';

export function precache(): Plugin {
  let publicFolder = '';
  return {
    name: 'precache',
    apply: 'build',
    configResolved(config) {
      publicFolder = config.publicDir;
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[WORKER];
        if (worker?.type !== 'chunk') this.error(`the build has no ${WORKER}`);
        // A classic worker cannot import; sharing code with the app would break it at start.
        if (worker.imports.length > 0) this.error(`${WORKER} imports ${worker.imports.join(', ')}`);

        const contents = new Map<string, string | Uint8Array>();
        for (const [name, file] of Object.entries(bundle)) {
          // Each font comes as woff2 too, and no browser that runs the app asks for the older one.
          if (name === WORKER || name.endsWith('.woff')) continue;
          contents.set(name, file.type === 'chunk' ? file.code : file.source);
        }
        for (const name of filesBelow(publicFolder)) {
          if (!name.startsWith(SHOWN_BEFORE)) contents.set(name, readFileSync(join(publicFolder, name)));
        }
        const all = [...contents.keys()].sort();
        const names = all.filter((name) => !name.endsWith(ON_DEMAND));
        const onDemand = all.filter((name) => name.endsWith(ON_DEMAND));
        const digest = createHash('sha256').update(worker.code);
        for (const name of all) digest.update(name).update(contents.get(name) ?? '');

        worker.code = worker.code
          .replaceAll('__PRECACHE__', JSON.stringify(names))
          .replaceAll('__ON_DEMAND__', JSON.stringify(onDemand))
          .replaceAll('__BUILD__', JSON.stringify(digest.digest('hex').slice(0, 16)));
      },
    },
  };
}

function filesBelow(folder: string): string[] {
  if (folder === '') return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
