/**
 * The service worker's life, as far as a person has to know: a new version waits until it is asked in.
 *
 * Pages of the app know of one another by locks: one that all hold who are at work, and one for each
 * page that says which build it runs.
 */
import type { PageLock, WorkerWish } from '../worker/builds';
import type { PageWish } from '../worker/notices';
import { onTakeover, shallLook } from './updating';

const AT_WORK = 'luudong-at-work';

class Worker {
  /** A newer version is on the phone and may be asked in. */
  waiting = $state(false);
  /** It was asked in while somebody was at work on some page. */
  isHeld = $state(false);
  #registration: ServiceWorkerRegistration | null = null;
  #leave: () => Promise<void> = () => Promise.resolve();
  #hadWorker = false;
  #wasAsked = false;
  /** Another version answers for this page already. */
  #isBehind = false;
  #isAtWork = false;
  #endWork: (() => void) | null = null;
  #lookedAt: number | null = null;

  /**
   * Registers the worker; `leave` writes what is open and opens the page again. Without a worker
   * the app still works, but not without network.
   */
  async register(leave: () => Promise<void>): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    this.#leave = leave;
    const { serviceWorker } = navigator;
    this.#hadWorker = serviceWorker.controller !== null;
    serviceWorker.addEventListener('controllerchange', () => this.#change());
    serviceWorker.addEventListener('message', ({ data }: MessageEvent<PageWish>) => {
      if (data.show !== undefined) location.hash = data.show;
    });
    sayBuild(() => tell(serviceWorker.controller, 'tidy'));
    try {
      this.#registration = await serviceWorker.register('/app/sw.js', { updateViaCache: 'none' });
    } catch {
      // Private windows and old browsers refuse workers; the rest of the app does not need one.
      return;
    }
    const registration = this.#registration;
    this.#lookedAt = Date.now();
    this.#see(registration);
    // A new version may already be on its way when we come to listen.
    this.#follow(registration);
    registration.addEventListener('updatefound', () => this.#follow(registration));
  }

  /** Says whether somebody is at work on this page; every page of the app hears it. */
  work(isAtWork: boolean): void {
    this.#isAtWork = isAtWork;
    if (!isAtWork) {
      this.#endWork?.();
      this.#endWork = null;
    } else if (this.#endWork === null && 'locks' in navigator) {
      const ended = new Promise<void>((resolve) => { this.#endWork = resolve; });
      void navigator.locks.request(AT_WORK, { mode: 'shared' }, () => ended);
    }
  }

  /** Asks the office for a newer version, now and then; an older one leaves once no page runs it. */
  async look(isTooOld: boolean): Promise<void> {
    if ('serviceWorker' in navigator) tell(navigator.serviceWorker.controller, 'tidy');
    if (this.#registration === null || !shallLook(this.#lookedAt, Date.now(), isTooOld)) return;
    this.#lookedAt = Date.now();
    // No network, or an office that is being served anew: there will be another time.
    await this.#registration.update().catch(() => undefined);
  }

  /** Lets the waiting version in, if nobody is at work; pages open again under it. */
  async apply(): Promise<void> {
    this.isHeld = this.#isAtWork;
    if (this.isHeld) return;
    if (this.#isBehind) return this.#leave();
    if ('locks' in navigator) {
      // Held until it has taken over: nobody's work counts as begun before that.
      this.isHeld = !await navigator.locks.request(AT_WORK, { ifAvailable: true }, async (lock) => {
        if (lock !== null) await this.#ask();
        return lock !== null;
      });
    } else {
      await this.#ask();
    }
  }

  async #ask(): Promise<void> {
    this.#wasAsked = true;
    const taken = new Promise((resolve) => {
      navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true });
    });
    tell(this.#registration?.waiting ?? null, 'apply');
    await taken;
  }

  #change(): void {
    const deed = onTakeover({ hadWorker: this.#hadWorker, wasAsked: this.#wasAsked, isAtWork: this.#isAtWork });
    this.#hadWorker = true;
    if (deed === 'open') void this.#leave();
    this.#isBehind ||= deed === 'offer';
    if (this.#registration !== null) this.#see(this.#registration);
  }

  #follow(registration: ServiceWorkerRegistration): void {
    registration.installing?.addEventListener('statechange', () => this.#see(registration));
  }

  #see(registration: ServiceWorkerRegistration): void {
    this.waiting = this.#isBehind || (registration.waiting !== null && navigator.serviceWorker.controller !== null);
  }
}

function tell(worker: ServiceWorker | null, wish: WorkerWish): void {
  worker?.postMessage(wish);
}

/** Names the build that this page runs, for as long as the page lives. */
function sayBuild(said: () => void): void {
  const first = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  if (first === null || !('locks' in navigator)) return;
  const lock: PageLock = `luudong-page ${first.src}`;
  void navigator.locks.request(lock, { mode: 'shared' }, () => {
    said();
    return new Promise(() => undefined);
  });
}

export const worker = new Worker();
