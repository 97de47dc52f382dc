/** A newer version waits (UX-62, FAULT-15). */
import { describe, expect, it } from 'vitest';
import { isAtWork, onTakeover, shallLook } from '../../src/live/updating';

const IDLE = { screen: 'today', isSending: false, isUnwritten: false } as const;

describe('who is at work', () => {
  it.each(['today', 'dossiers', 'dossier', 'outbox', 'settings', 'not-found'] as const)('%s only shows', (screen) => {
    expect(isAtWork({ ...IDLE, screen })).toBe(false);
  });

  it.each([
    'new', 'draft', 'section', 'papers', 'camera', 'check', 'revise', 'receipt', 'enrol', 'sign-in', 'shift', 'queue',
    'survey', 'petition', 'originals', 'keep-original', 'handover',
  ] as const)('%s may be half done', (screen) => {
    expect(isAtWork({ ...IDLE, screen })).toBe(true);
  });

  it('a page that sends, or could not write, is at work wherever it stands', () => {
    expect(isAtWork({ ...IDLE, isSending: true })).toBe(true);
    expect(isAtWork({ ...IDLE, isUnwritten: true })).toBe(true);
  });
});

describe('another version has taken over', () => {
  it.each([
    [{ hadWorker: false, wasAsked: false, isAtWork: false }, 'stay'],
    [{ hadWorker: false, wasAsked: false, isAtWork: true }, 'stay'],
    [{ hadWorker: true, wasAsked: true, isAtWork: false }, 'open'],
    [{ hadWorker: true, wasAsked: false, isAtWork: false }, 'open'],
    [{ hadWorker: true, wasAsked: false, isAtWork: true }, 'offer'],
  ] as const)('%j: %s', (takeover, deed) => {
    expect(onTakeover(takeover)).toBe(deed);
  });
});

describe('looking for a newer version', () => {
  it('is done at once, then every half hour, and by one that is too old each time', () => {
    expect(shallLook(null, 0, false)).toBe(true);
    expect(shallLook(0, 29 * 60_000, false)).toBe(false);
    expect(shallLook(0, 30 * 60_000, false)).toBe(true);
    expect(shallLook(0, 1, true)).toBe(true);
  });
});
