/** Where in the app the person is: the hash, made reactive. */
import { routeOf, type Route } from './route';

class Place {
  hash = $state(window.location.hash);
  readonly route: Route = $derived(routeOf(this.hash));

  /** Begins to follow the address; the answer stops it. */
  follow(): () => void {
    const onHash = (): void => { this.hash = window.location.hash; };
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }

  go(to: string): void {
    window.location.hash = to;
  }

  /** Goes where there is no way back to: a sealed draft, a sign-in that is done. */
  replace(to: string): void {
    window.location.replace(to);
  }
}

export const place = new Place();

/** Loads the app anew where it is. */
export function openAgain(): void {
  window.location.reload();
}

/** Loads the app anew, at its first screen. */
export function startAnew(): void {
  window.location.hash = '#/';
  window.location.reload();
}
