/**
 * Which folder may import which. From the bottom: sync, store, device, live, parts, screens.
 * Everything not named in `ORDER` (words, procedures, desk, the worker) has a rule of its own.
 */
const ORDER = ['sync', 'store', 'device', 'live', 'parts', 'screens'];

/** One rule a layer: it may not look up at any layer above itself, nor at the app around it. */
const upward = ORDER.map((layer, place) => ({
  name: `${layer}-looks-up`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: `^src/(${[...ORDER.slice(place + 1), 'desk'].join('|')})/|^src/(App|main|sw)\\.` },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'sync-knows-nobody',
      comment: 'The protocol is pure: only its own files, and SHA-256.',
      severity: 'error',
      from: { path: '^src/sync/' },
      to: {
        pathNot:
          '^src/sync/|^node_modules/@noble/hashes/|^\\.\\./sync/\\w+\\.json$',
      },
    },
    {
      name: 'procedures-are-pure',
      comment: 'What a form asks is decided on values: no store, no device, no screen. The words of a paper are part of it.',
      severity: 'error',
      from: { path: '^src/procedures/' },
      to: { pathNot: '^src/(procedures|sync)/|^src/words/(receipt|greeting_card)' },
    },
    {
      name: 'the-shift-is-pure',
      comment: 'Queues, counts and checks are decided on values, like forms.',
      severity: 'error',
      from: { path: '^src/shift/' },
      to: { pathNot: '^src/(shift|procedures|sync)/' },
    },
    {
      name: 'only-faces-know-svelte',
      severity: 'error',
      from: { pathNot: '^src/(live|parts|screens)/|^src/(App|main)\\.|^tests/' },
      to: { path: '^node_modules/svelte/|\\.svelte(\\.ts)?$' },
    },
    {
      name: 'only-the-store-knows-indexeddb',
      severity: 'error',
      from: { pathNot: '^src/store/|^tests/' },
      to: { path: '^node_modules/(idb|fake-indexeddb)/' },
    },
    {
      name: 'the-desk-stands-alone',
      comment: 'The desk is pages of the server: a style sheet and htmx, nothing of the app.',
      severity: 'error',
      from: { path: '^src/desk/' },
      to: { pathNot: '^src/(desk|styles|words)/|^node_modules/(htmx\\.org|htmx-ext-sse|@fontsource)' },
    },
    {
      name: 'the-worker-stands-alone',
      comment: 'A classic worker cannot import: what it is made of belongs to nobody else, but what is bundled twice (`twice.ts`).',
      severity: 'error',
      from: { path: '^src/(sw\\.ts$|worker/)' },
      to: { pathNot: '^src/worker/|^src/words/notices\\.|^src/store/inbox_sealing\\.ts$' },
    },
    {
      name: 'the-worker-is-not-shared',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(sw\\.ts$|worker/)' },
      to: { path: '^src/(worker/|words/notices\\.)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'words-know-nobody',
      severity: 'error',
      from: { path: '^src/words/' },
      to: { pathNot: '^src/words/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nothing-missing',
      severity: 'error',
      from: {},
      // A file's address (`?url`) is the bundler's word, and no module.
      to: { couldNotResolve: true, pathNot: '\\.wasm\\?url$' },
    },
    {
      name: 'no-tools-in-the-app',
      comment: 'What only builds or tests must not reach a phone.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // `import type` counts too: a type from above is knowledge of above.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'svelte'] },
  },
};
