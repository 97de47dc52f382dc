/** The camera, the gallery or the files of the system, opened by a field of ours: its person is not away. */
import { lockClock } from './lock_clock';

export class Picking {
  #release: (() => void) | null = null;

  /** It is about to stand before the page. */
  begin(): void {
    this.end();
    this.#release = lockClock.hold();
    // Some browsers never say that a picker was left without a choice; a touch of the page does.
    addEventListener('pointerdown', this.end, { once: true, capture: true });
  }

  /** It is gone: something was chosen, or nothing was. */
  readonly end = (): void => {
    this.#release?.();
    this.#release = null;
  };
}
