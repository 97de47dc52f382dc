// @vitest-environment happy-dom
/**
 * UX-12, UX-13, UX-92: each screen empty, busy, without network, after an error, and with too much.
 * UX-15: what was said there stands there an hour later, with nothing done meanwhile.
 *
 * The whole app is shown, on a phone that says what a test wants it to. The same in a real browser,
 * looked at by machine and eye: `tests/stories/test_each_state.py`.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import app from '../../src/App.svelte?raw';
import header from '../../src/parts/AppHeader.svelte?raw';
import { NOW } from './phones';
import { fetchAll, settled } from './showing';
import { STANDS, onlooker } from './stands';
import { TABLE } from './table';
import { Waiting } from './waking';

beforeAll(fetchAll);

let woken = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  const waiting = new Waiting();
  onlooker.look = async () => {
    const said = document.body.textContent;
    woken += waiting.wakeAll();
    await settled();
    expect(document.body.textContent).toBe(said);
  };
});

afterEach(() => {
  vi.useRealTimers();
  onlooker.look = () => Promise.resolve();
});

// They come in any order; only at the end it shows that there was something to come due.
afterAll(() => { expect(woken).toBeGreaterThan(0); });

const screens = [...app.matchAll(/route\.screen === '([a-z-]+)'/gu)].map(([, name]) => name ?? '');

it('shows for each screen under which tab it lies', () => {
  expect(screens.filter((name) => !header.includes(`'${name}'`))).toEqual([]);
});

it('has a row for each screen of the app', () => {
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
