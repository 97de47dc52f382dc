/** A page with every screen in every state, for tests alone: `vite build --config stage.config.ts --outDir …`. */
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'tests/stage',
  base: './',
  publicDir: false,
  plugins: [svelte({ configFile: resolve('svelte.config.js') })],
  resolve: { alias: { vitest: resolve('tests/stage/vitest.ts') } },
  build: {
    target: 'es2022',
    minify: false,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
