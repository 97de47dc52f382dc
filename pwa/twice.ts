/**
 * Gives the service worker a copy of its own of what it has in common with the app.
 *
 * A classic worker cannot import: a module that both need would become a file of its own, and the
 * worker would not start. So what the worker imports from outside its folder is bundled a second time.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Plugin } from 'vite';

const WORKER = /\/src\/(sw\.ts|worker\/)/;
const COPY = '?of-worker';

export function twiceForWorker(): Plugin {
  return {
    name: 'twice-for-worker',
    apply: 'build',
    enforce: 'pre',
    resolveId(source, importer) {
      if (importer === undefined || !WORKER.test(importer) || !source.startsWith('../')) return null;
      const file = `${resolve(dirname(importer), source)}.ts`;
      return WORKER.test(file) || file.includes('/words/') ? null : file + COPY;
    },
    load(id) {
      if (!id.endsWith(COPY)) return null;
      return { code: readFileSync(id.slice(0, -COPY.length), 'utf-8'), moduleType: 'ts' };
    },
  };
}
