/**
 * Two builds from one tree: the field app (`vite build`) and the desk's one script and stylesheet
 * (`vite build --mode desk`). Neither may contain inline script or style: the server's content
 * security policy refuses both.
 */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type UserConfig } from 'vite';
import { refuseInline } from './inline.ts';
import { precache } from './precache.ts';
import { twiceForWorker } from './twice.ts';

/** Old enough for the tablets in the vans, new enough for WebCrypto and Web Locks as they are. */
const TARGET = 'es2022';

/** What the service worker runs, which can import nothing: none of it may go into another file. */
const WORKER = /\/src\/(sw\.ts|worker\/|words\/notices\.)|\?of-worker$/;

const app: UserConfig = {
  base: '/app/',
  plugins: [svelte(), twiceForWorker(), precache(), refuseInline()],
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: TARGET,
    // Fonts and icons stay files: a `data:` font would need a wider policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { app: 'index.html', sw: 'src/sw.ts' },
      output: {
        // The worker keeps one address for ever; everything else is named after its content.
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        // All that the first screen needs comes at once: on a slow line each file more is a wait.
        codeSplitting: { groups: [{ name: 'first', tags: ['$initial'], test: (id) => !WORKER.test(id) }] },
      },
    },
  },
};

const desk: UserConfig = {
  base: '/desk/assets/',
  publicDir: false,
  build: {
    outDir: 'dist/desk',
    emptyOutDir: true,
    target: TARGET,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { desk: 'src/desk/main.ts' },
      // htmx has an eval in it, which our settings (allowEval: false) and the policy shut off.
      checks: { eval: false },
      output: {
        // Templates name these two files, so their names are stable; ETags tell them apart.
        entryFileNames: 'desk.js',
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith('.css')) ? 'desk.css' : 'fonts/[name][extname]',
      },
    },
  },
};

export default defineConfig(({ mode }) => (mode === 'desk' ? desk : app));
