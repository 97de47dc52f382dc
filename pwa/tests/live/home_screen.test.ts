import { describe, expect, it } from 'vitest';
import { isByHand, isOpenedFromHome } from '../../src/live/home_screen';

const ASKS = { onbeforeinstallprompt: null };

// UX-60, UX-61: what a browser can do, never which one it is.
describe('a home screen', () => {
  it('is reached by hand where a browser knows it and never asks', () => {
    expect(isByHand({ standalone: false }, {})).toBe(true);
  });

  it('needs no pictures where the browser asks, or knows none', () => {
    expect(isByHand({}, ASKS)).toBe(false);
    expect(isByHand({}, {})).toBe(false);
    expect(isByHand({ standalone: false }, ASKS)).toBe(false);
  });

  it('has the app already where the page was opened from it', () => {
    expect(isOpenedFromHome({ standalone: true })).toBe(true);
    expect(isOpenedFromHome({ standalone: false })).toBe(false);
    expect(isOpenedFromHome({})).toBe(false);
  });
});
