/** Whether the app may say that it can be installed: once somebody has used it, until a tap (UX-61). */
import { isByHand, isOpenedFromHome } from './home_screen';
import { lockClock } from './lock_clock';

const KEY = 'luudong.install';
const DISMISSED = 'dismissed';

/** The event of browsers that can ask; it is in no standard that TypeScript knows. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

class Installing {
  /** The browser would ask; where it would not, words say how. */
  canAsk = $state(false);
  /** Nobody who said no is told again, nor whoever has it already. */
  isOver = $state(isInstalled() || isDismissed());
  /** Nobody asks on this browser, and its person can do it in three taps: pictures say which. */
  readonly isByHand = isByHand(navigator, window);
  #asking: InstallPromptEvent | null = null;

  /** Keeps the browser from asking by itself, in the middle of anything. */
  listen(): void {
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#asking = event as InstallPromptEvent;
      this.canAsk = true;
    });
    addEventListener('appinstalled', () => { this.isOver = true; });
  }

  /** Asks by the browser's own words; it lets each page ask once. */
  async ask(): Promise<void> {
    const asking = this.#asking;
    if (asking === null) return;
    this.#asking = null;
    this.canAsk = false;
    const { outcome } = await lockClock.during(asking.prompt());
    if (outcome === 'accepted') this.isOver = true;
  }

  dismiss(): void {
    this.isOver = true;
    try {
      localStorage.setItem(KEY, DISMISSED);
    } catch {
      // Blocked storage: it holds until the app is closed.
    }
  }
}

function isInstalled(): boolean {
  return isOpenedFromHome(navigator) || ['standalone', 'fullscreen', 'minimal-ui'].some((mode) => matchMedia(`(display-mode: ${mode})`).matches);
}

function isDismissed(): boolean {
  try {
    return localStorage.getItem(KEY) === DISMISSED;
  } catch {
    return false;
  }
}

export const installing = new Installing();
