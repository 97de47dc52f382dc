import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Ports carry the clock, chance and the network; the layers below must ask for them. */
const PORTS_ONLY = ['Date', 'performance', 'fetch', 'setTimeout', 'setInterval'].map((name) => ({
  name,
  message: 'Time and network come in through a port or as an argument.',
}));

/** What a pure module would need a browser for. */
const BROWSER_ONLY = [
  'window',
  'document',
  'navigator',
  'location',
  'localStorage',
  'indexedDB',
  'self',
  'BroadcastChannel',
].map((name) => ({ name, message: 'This folder knows no browser.' }));

const CHANCE = ['random'].map((property) => ({ object: 'Math', property })).concat(
  ['getRandomValues', 'randomUUID'].map((property) => ({ object: 'crypto', property })),
);

export default ts.config(
  { ignores: ['dist/', 'node_modules/', '.svelte-check/', '.dependency-cruiser.cjs'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...ts.configs.stylisticTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          // The build's own files are Node's, outside the app's tsconfig.
          allowDefaultProject: ['*.js', '*.ts'],
          defaultProject: 'tsconfig.node.json',
        },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Runs for ever on a type that contains itself, as a value of a field does (8.73).
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // A number in a sentence is what templates are for; everything else must be made text first.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => send()` in an event attribute reads better than a block around one call.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    // The compiler already refuses unknown names, with the types of the place.
    files: ['**/*.ts', '**/*.svelte'],
    rules: { 'no-undef': 'off' },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // The content security policy refuses style attributes and markup from text.
      'svelte/no-inline-styles': ['error', { allowTransitions: false }],
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      // Hash routes are plain addresses here; there is no SvelteKit to resolve them.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    files: ['src/sync/**', 'src/procedures/**', 'src/shift/**'],
    rules: {
      'no-restricted-globals': ['error', ...PORTS_ONLY, ...BROWSER_ONLY],
      'no-restricted-properties': ['error', ...CHANCE],
    },
  },
  {
    files: ['**/*.js'],
    ...ts.configs.disableTypeChecked,
  },
);
