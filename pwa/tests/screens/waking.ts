/** Timers that wait until a test lets an hour pass. */
import { vi } from 'vitest';

type Deed = () => void;

export class Waiting {
  readonly #deeds = new Map<number, Deed>();
  #next = -1;

  /** From now on whatever is put off waits here; what only lets the browser draw first is done as ever. */
  constructor() {
    const soon = globalThis.setTimeout;
    const putOff = (deed: Deed): number => {
      this.#deeds.set(this.#next, deed);
      return this.#next--;
    };
    const cancel = (id: unknown): void => { this.#deeds.delete(Number(id)); };
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((deed: Deed, ms = 0) => (ms > 0 ? putOff(deed) : soon(deed, 0))) as typeof setTimeout);
    vi.spyOn(globalThis, 'setInterval').mockImplementation(putOff as unknown as typeof setInterval);
    vi.spyOn(globalThis, 'clearTimeout').mockImplementation(cancel);
    vi.spyOn(globalThis, 'clearInterval').mockImplementation(cancel);
  }

  /** All of it comes due, once; answers how many there were. */
  wakeAll(): number {
    const due = [...this.#deeds.values()];
    for (const deed of due) deed();
    return due.length;
  }
}
