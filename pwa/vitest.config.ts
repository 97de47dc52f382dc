/** Unit tests run in Node; IndexedDB comes from fake-indexeddb where a test asks for it. */
import { realpathSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The `browser` condition gives Svelte's client runtime, the one the app ships.
  plugins: [svelte()],
  resolve: { conditions: ['browser'] },
  // The catalogue lies beside the server; and `node_modules` may be a link to another folder.
  server: { fs: { allow: ['..', realpathSync('node_modules')] } },
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
    sequence: { shuffle: true },
    // Files share a worker: what one leaves behind would show in another, and a third of the time goes.
    isolate: false,
    // A slow machine may take its time over 100 generated cases; a hung test may not.
    testTimeout: 20_000,
    // The screens are compiled before the first of them is shown: on a busy machine that takes its time.
    hookTimeout: 120_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
