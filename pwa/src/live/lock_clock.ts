/**
 * When the app locks by itself: some time without a touch, or some time out of sight.
 *
 * 1. What the app itself opened in front of the page (a picker, print, share) is no absence.
 * 2. A tab that is in use keeps the others open; they lock together.
 * 3. Time counts by the wall clock and by the page's own, whichever says more: a tablet that slept
 *    stops the one, and somebody may turn back the other.
 */
import type { LockTimes } from '../store/port';

const LOOK_MS = 2_000;
const TOUCHES = ['pointerdown', 'keydown', 'input', 'wheel', 'touchmove'] as const;

interface Moment {
  readonly wall: number;
  readonly page: number;
}

export class LockClock {
  #touched = moment();
  #seen = moment();
  #holds = 0;
  #channel: BroadcastChannel | null = null;

  /** Looks until the answer ends it; `times` is null while there is nothing to lock. */
  start(times: () => LockTimes | null, lock: () => void, hidden: () => void): () => void {
    const channel = new BroadcastChannel('luudong-touches');
    this.#channel = channel;
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#seen = moment();
      if (data === 'touched') this.#touched = moment();
    };
    const look = (): void => {
      if (this.#isOver(times())) lock();
    };
    const onTouch = (): void => this.touch();
    const onShow = (): void => {
      look();
      if (document.visibilityState === 'hidden') hidden();
    };
    const onPrint = (): void => { const release = this.hold(); addEventListener('afterprint', release, { once: true }); };
    for (const touch of TOUCHES) addEventListener(touch, onTouch, { capture: true, passive: true });
    addEventListener('beforeprint', onPrint);
    document.addEventListener('visibilitychange', onShow);
    const timer = setInterval(look, LOOK_MS);
    return () => {
      for (const touch of TOUCHES) removeEventListener(touch, onTouch, { capture: true });
      removeEventListener('beforeprint', onPrint);
      document.removeEventListener('visibilitychange', onShow);
      clearInterval(timer);
      channel.close();
      this.#channel = null;
    };
  }

  /** Somebody is here. */
  touch(): void {
    if (since(this.#touched) > LOOK_MS) this.#channel?.postMessage('touched');
    this.#touched = moment();
  }

  /** Something of ours stands before the page; the answer says that it is gone. */
  hold(): () => void {
    this.#holds += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holds -= 1;
      this.#touched = moment();
      this.#seen = moment();
    };
  }

  /** Holds for as long as a deed takes: sharing, saving a file. */
  async during<T>(deed: Promise<T>): Promise<T> {
    const release = this.hold();
    try {
      return await deed;
    } finally {
      release();
    }
  }

  #isOver(times: LockTimes | null): boolean {
    if (document.visibilityState === 'visible') {
      const wasHidden = times !== null && this.#holds === 0 && since(this.#seen) >= times.hiddenMs;
      if (wasHidden) return true;
      this.#seen = moment();
      this.#channel?.postMessage('seen');
    }
    if (times === null || this.#holds > 0) {
      this.#touched = moment();
      this.#seen = moment();
      return false;
    }
    return since(this.#touched) >= times.untouchedMs || since(this.#seen) >= times.hiddenMs;
  }
}

function moment(): Moment {
  return { wall: Date.now(), page: performance.now() };
}

function since({ wall, page }: Moment): number {
  return Math.max(Date.now() - wall, performance.now() - page);
}

export const lockClock = new LockClock();
