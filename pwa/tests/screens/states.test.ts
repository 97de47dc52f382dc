// @vitest-environment happy-dom
/**
 * UX-12, UX-13, UX-92: each screen empty, busy, without network, after an error, and with too much.
 *
 * The whole app is shown, on a phone that says what a test wants it to.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import app from '../../src/App.svelte?raw';
import type { Route } from '../../src/live/route';
import { dossiers } from './dossiers';
import { entering } from './entering';
import { intake } from './intake';
import { NOW } from './phones';
import { sheets } from './sheets';
import { shift } from './shift';
import { fetchAll } from './showing';
import { STANDS, type Row } from './stands';

/** Every address has its row; the lock and the welcome stand before any, sheets on top of one. */
const TABLE: Readonly<Record<Route['screen'] | 'lock' | 'welcome', Row>> = { ...entering, ...intake, ...dossiers, ...shift, ...sheets };

beforeAll(fetchAll);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

afterEach(() => {
  vi.useRealTimers();
});

it('has a row for each screen of the app', () => {
  const screens = [...app.matchAll(/route\.screen === '([a-z-]+)'/gu)].map(([, name]) => name ?? '');
  expect(screens.length).toBeGreaterThan(20);
  expect(screens.filter((name) => !(name in TABLE))).toEqual([]);
});

describe.each(Object.entries(TABLE))('%s', (_, row) => {
  for (const stand of STANDS) {
    const cell = row[stand];
    if (typeof cell === 'string') it(`${stand} cannot be: ${cell}`, () => { expect(cell.length).toBeGreaterThan(20); });
    else it(stand, cell);
  }
});
