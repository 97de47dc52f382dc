/** When the app locks by itself, and what is no absence; all time here is made by the test. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LockClock, lockClock } from '../../src/live/lock_clock';
import { Picking } from '../../src/live/picking';
import { share } from '../../src/live/sharing';
import { smallPrinter } from '../../src/live/small_printer.svelte';
import type { LockTimes } from '../../src/store/port';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** How often the clock looks: it may lock so much later than is set. */
const LOOK = 2 * SECOND;
const TIMES: LockTimes = { untouchedMs: 2 * MINUTE, hiddenMs: 30 * SECOND };

class FakeDocument extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
}

/** Tabs of one browser; what one says the others hear at once. */
class FakeChannel {
  static readonly open = new Set<FakeChannel>();
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;

  constructor(readonly name: string) {
    FakeChannel.open.add(this);
  }

  postMessage(data: unknown): void {
    for (const other of FakeChannel.open) if (other !== this && other.name === this.name) other.onmessage?.({ data });
  }

  close(): void {
    FakeChannel.open.delete(this);
  }
}

let page: FakeDocument;
let front: EventTarget;
let times: LockTimes | null;
let locked: number;
let sealed: number;
let endings: (() => void)[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] });
  page = new FakeDocument();
  front = new EventTarget();
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', front.addEventListener.bind(front));
  vi.stubGlobal('removeEventListener', front.removeEventListener.bind(front));
  vi.stubGlobal('BroadcastChannel', FakeChannel);
  times = TIMES;
  locked = 0;
  sealed = 0;
  endings = [];
});

afterEach(() => {
  for (const end of endings) end();
  vi.useRealTimers();
});

function begin(clock = new LockClock()): LockClock {
  endings.push(clock.start(() => times, () => { locked++; }, () => { sealed++; }));
  touch();
  return clock;
}

const touch = (kind = 'pointerdown'): boolean => front.dispatchEvent(new Event(kind));
const pass = (ms: number): unknown => vi.advanceTimersByTime(ms);

function show(state: DocumentVisibilityState): void {
  page.visibilityState = state;
  page.dispatchEvent(new Event('visibilitychange'));
}

describe('without a touch', () => {
  it('locks after as long as is set, and not before', () => {
    begin();
    pass(2 * MINUTE - 1);
    expect(locked).toBe(0);
    pass(LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it.each(['pointerdown', 'keydown', 'input', 'wheel', 'touchmove'])('%s is one', (kind) => {
    begin();
    pass(2 * MINUTE - LOOK);
    touch(kind);
    pass(2 * MINUTE - 1);
    expect(locked).toBe(0);
    pass(LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it('heeds at once what is set anew', () => {
    begin();
    times = { ...TIMES, untouchedMs: 15 * MINUTE };
    pass(15 * MINUTE - 1);
    expect(locked).toBe(0);
    times = { ...TIMES, untouchedMs: MINUTE };
    pass(LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it('has nothing to lock while times are null, and begins to count when there is something', () => {
    begin();
    times = null;
    pass(60 * MINUTE);
    times = TIMES;
    pass(2 * MINUTE - LOOK);
    expect(locked).toBe(0);
    pass(2 * LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it('a tablet that slept, whose page had no time meanwhile, locks at its next look', () => {
    begin();
    vi.setSystemTime(Date.now() + 3 * MINUTE);
    pass(LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it('turning back the clock of the tablet keeps nothing open', () => {
    begin();
    pass(MINUTE);
    vi.setSystemTime(Date.now() - 60 * MINUTE);
    pass(MINUTE + LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it('what is used in one tab keeps the others open', () => {
    begin();
    const other = new LockClock();
    begin(other);
    pass(2 * MINUTE - LOOK);
    other.touch();
    pass(2 * MINUTE - LOOK);
    expect(locked).toBe(0);
    pass(2 * LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it('is over with its page', () => {
    begin();
    endings.pop()?.();
    pass(10 * MINUTE);
    show('hidden');
    expect([locked, sealed]).toEqual([0, 0]);
  });
});

describe('out of sight', () => {
  it('seals what is owed at once, and locks after as long as is set', () => {
    begin();
    show('hidden');
    expect(sealed).toBe(1);
    pass(30 * SECOND - 1);
    expect(locked).toBe(0);
    pass(LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it('seals nothing when the page comes back', () => {
    begin();
    show('hidden');
    pass(10 * SECOND);
    show('visible');
    expect(sealed).toBe(1);
  });

  it('is forgotten by coming back in time', () => {
    begin();
    for (let times = 0; times < 3; times++) {
      show('hidden');
      pass(30 * SECOND - LOOK);
      show('visible');
      pass(LOOK);
    }
    expect(locked).toBe(0);
  });

  it('whose page was frozen is locked before it is seen again', () => {
    begin();
    pass(LOOK);
    show('hidden');
    // Frozen pages run no timers; the tablet's clock goes on.
    vi.setSystemTime(Date.now() + 30 * SECOND);
    show('visible');
    expect(locked).toBe(1);
  });

  it('another tab in sight keeps it open', () => {
    begin();
    show('hidden');
    const other = new FakeChannel('luudong-touches');
    endings.push(() => { other.close(); });
    const seen = setInterval(() => { other.postMessage('seen'); }, LOOK);
    pass(MINUTE);
    expect(locked).toBe(0);
    clearInterval(seen);
    pass(30 * SECOND + LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it('each tab tells the others whether it is in sight', () => {
    begin();
    const told: unknown[] = [];
    const other = new FakeChannel('luudong-touches');
    endings.push(() => { other.close(); });
    other.onmessage = ({ data }): void => { told.push(data); };
    pass(LOOK);
    expect(told).toEqual(['seen']);
    show('hidden');
    pass(10 * LOOK);
    expect(told).toEqual(['seen']);
  });
});

describe('what the app itself opened before the page is no absence:', () => {
  it('printing, until it is over; then time begins anew', () => {
    begin();
    touch('beforeprint');
    show('hidden');
    pass(10 * MINUTE);
    expect(locked).toBe(0);
    touch('afterprint');
    pass(30 * SECOND - LOOK);
    expect(locked).toBe(0);
    pass(2 * LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it.each([
    ['something was chosen, or it was left', (picking: Picking): void => { picking.end(); }],
    ['the page is touched again', (): void => { touch(); }],
  ])('a picker, until %s', (_, back) => {
    begin(lockClock);
    const picking = new Picking();
    picking.begin();
    show('hidden');
    pass(10 * MINUTE);
    show('visible');
    expect(locked).toBe(0);
    back(picking);
    show('hidden');
    pass(30 * SECOND - LOOK);
    expect(locked).toBe(0);
    pass(2 * LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it.each([
    ['before', (picking: Picking): void => { picking.end(); show('visible'); }],
    ['after', (picking: Picking): void => { show('visible'); picking.end(); }],
  ])('a picker over a page that the system froze, which hears of it %s being seen', (_, back) => {
    begin(lockClock);
    const picking = new Picking();
    picking.begin();
    show('hidden');
    vi.setSystemTime(Date.now() + 10 * MINUTE);
    back(picking);
    pass(30 * SECOND);
    expect(locked).toBe(0);
    picking.end();
  });

  it('a picker that was opened twice is left once', () => {
    begin(lockClock);
    const picking = new Picking();
    picking.begin();
    picking.begin();
    picking.end();
    pass(2 * MINUTE + LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it.each([
    ['taken', true],
    ['refused', false],
  ])('sharing, until it is %s', async (_, isTaken) => {
    begin(lockClock);
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve, reject) => {
      answer = isTaken ? resolve : (): void => { reject(new DOMException('', 'AbortError')); };
    });
    vi.stubGlobal('navigator', { share: () => asked });
    const sharing = share(new File(['x'], 'receipt.png'));
    show('hidden');
    pass(10 * MINUTE);
    expect(locked).toBe(0);
    answer();
    expect(await sharing).toBe(isTaken);
    pass(30 * SECOND + LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it.each([
    ['chosen', true],
    ['left', false],
  ])('the list of printers, until one is %s', async (_, isChosen) => {
    begin(lockClock);
    let answer: () => void = () => undefined;
    const asked = new Promise<object>((resolve, reject) => {
      answer = isChosen ? (): void => { resolve({ id: 'one' }); } : (): void => { reject(new DOMException('', 'NotFoundError')); };
    });
    vi.stubGlobal('navigator', { bluetooth: { requestDevice: () => asked } });
    const choosing = smallPrinter.choose('bluetooth');
    show('hidden');
    pass(10 * MINUTE);
    expect(locked).toBe(0);
    answer();
    expect(await choosing).toBe(isChosen);
    pass(30 * SECOND + LOOK);
    expect(locked).toBeGreaterThan(0);
  });

  it('two at once: both have to be gone, and none counts twice', () => {
    const clock = begin();
    const [first, second] = [clock.hold(), clock.hold()];
    first();
    first();
    pass(10 * MINUTE);
    expect(locked).toBe(0);
    second();
    pass(2 * MINUTE + LOOK);
    expect(locked).toBeGreaterThan(0);
  });
});
