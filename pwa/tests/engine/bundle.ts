/**
 * Bundles the engine for Node: `node bundle.ts OUT [BUG]`, where BUG is JSON of a bug to plant.
 *
 * A bug is a rewritten fragment of the product's source. It fails loudly where the fragment does
 * not stand exactly once: a simulation that plants nothing catches nothing.
 */
import { resolve } from 'node:path';
import { type Plugin, build } from 'vite';

interface Bug {
  /** Below `src/`. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

const HERE = import.meta.dirname;
const TUS = resolve(HERE, '../../node_modules/tus-js-client');
const [, , out, bugs] = process.argv;
if (out === undefined) throw new Error('node bundle.ts OUT [BUGS]');

const asked = bugs === undefined ? [] : (JSON.parse(bugs) as readonly Bug[]);
const planted = new Set<Bug>();

function plant(): Plugin {
  return {
    name: 'plant',
    enforce: 'pre',
    transform(code, id) {
      let rewritten = code;
      for (const bug of asked) {
        if (id !== resolve(HERE, '../../src', bug.file)) continue;
        if (rewritten.split(bug.before).length !== 2) {
          throw new Error(`${bug.file} does not hold once: ${bug.before}`);
        }
        rewritten = rewritten.replace(bug.before, () => bug.after);
        planted.add(bug);
      }
      return rewritten === code ? null : { code: rewritten };
    },
  };
}

await build({
  configFile: false,
  root: resolve(HERE, '../..'),
  logLevel: 'error',
  plugins: [plant()],
  // As browsers get it.
  resolve: { alias: { 'tus-js-client': resolve(TUS, 'lib.esm/browser/index.js') } },
  ssr: { noExternal: true },
  build: {
    ssr: resolve(HERE, 'main.ts'),
    outDir: out,
    emptyOutDir: true,
    target: 'node22',
    minify: false,
    copyPublicDir: false,
    // In one file: what is loaded when it is needed must not depend on how quick a disk is.
    rolldownOptions: { output: { entryFileNames: 'engine.mjs', codeSplitting: false } },
  },
});
for (const bug of asked) {
  if (!planted.has(bug)) throw new Error(`${bug.file} is no part of the engine`);
}
