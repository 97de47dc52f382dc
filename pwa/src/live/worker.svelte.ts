/**
 * The service worker's life, as far as a person has to know: a new version waits until it is asked in.
 */
class Worker {
  /** A newer version is on the phone and waits. */
  waiting = $state(false);
  #registration: ServiceWorkerRegistration | null = null;
  #applying = false;

  /** Registers the worker. Without one the app still works, but not without network. */
  async register(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (this.#applying) window.location.reload();
    });
    try {
      this.#registration = await navigator.serviceWorker.register('/app/sw.js', { updateViaCache: 'none' });
    } catch {
      // Private windows and old browsers refuse workers; the rest of the app does not need one.
      return;
    }
    const registration = this.#registration;
    this.#look(registration);
    // A new version may already be on its way when we come to listen.
    this.#follow(registration);
    registration.addEventListener('updatefound', () => this.#follow(registration));
  }

  /** Lets the waiting version in; the page opens again under it. */
  apply(): void {
    this.#applying = true;
    this.#registration?.waiting?.postMessage('apply');
  }

  #follow(registration: ServiceWorkerRegistration): void {
    registration.installing?.addEventListener('statechange', () => this.#look(registration));
  }

  #look(registration: ServiceWorkerRegistration): void {
    this.waiting = registration.waiting !== null && navigator.serviceWorker.controller !== null;
  }
}

export const worker = new Worker();
