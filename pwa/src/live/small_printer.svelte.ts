/** The small printer of this phone: which one it is, what it is doing, and how the last job ended. */
import { sendJob, type PrintOutcome } from '../device/printing';
import { choosePrinter, recallPrinter, waysHere, type Found, type Way } from '../device/small_printers';
import { jobOf, type Points, type Roll } from '../device/thermal';
import { lockClock } from './lock_clock';

/** Which printer and which roll it was, for the next time; neither says anything of a person. */
const KEY = 'luudong.printer';

export type Printing = PrintOutcome | 'none' | 'blocked' | 'no-picture';

class SmallPrinterHere {
  /** Reached by a job until that is over, whatever screen is open. */
  found: Found | null = $state.raw(null);
  isBusy = $state(false);
  /** Of the job; null until the printer has answered. */
  percent: number | null = $state(null);
  outcome: Printing | null = $state(null);

  #stop = new AbortController();
  #isRecalled = false;

  get ways(): readonly Way[] {
    return waysHere();
  }

  get name(): string | null {
    return this.found?.printer.name ?? null;
  }

  get roll(): Roll {
    return kept().roll === 'roll80' ? 'roll80' : 'roll58';
  }

  keepRoll(roll: Roll): void {
    keep({ ...kept(), roll });
  }

  /** Looks once for the printer of last time: it needs no question where the browser still allows it. */
  async recall(): Promise<void> {
    if (this.#isRecalled) return;
    this.#isRecalled = true;
    const { way, id } = kept();
    if (way !== undefined && id !== undefined) this.found ??= await recallPrinter(way, id);
  }

  /** The browser's own list stands before the page: nobody is away. */
  async choose(way: Way, anything = false): Promise<boolean> {
    const chosen = await lockClock.during(choosePrinter(way, anything));
    this.outcome = chosen === 'blocked' ? 'blocked' : chosen === null ? 'none' : null;
    if (chosen === null || chosen === 'blocked') return false;
    this.found = chosen;
    keep({ ...kept(), way: chosen.way, id: chosen.id });
    return true;
  }

  async print(picture: Promise<Points | null>): Promise<Printing | null> {
    if (this.found === null || this.isBusy) return null;
    this.isBusy = true;
    this.percent = null;
    this.outcome = null;
    this.#stop = new AbortController();
    try {
      const points = await picture.catch(() => null);
      this.outcome = points === null ? 'no-picture'
        : await sendJob(this.found.printer, jobOf(points), this.#stop.signal, (share) => { this.percent = Math.floor(share * 100); });
      return this.outcome;
    } finally {
      this.isBusy = false;
    }
  }

  stop(): void {
    this.#stop.abort();
  }
}

interface Kept { readonly way?: Way; readonly id?: string; readonly roll?: Roll }

function kept(): Kept {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof read !== 'object' || read === null) return {};
    const said = new Map<string, unknown>(Object.entries(read));
    const [way, id, roll] = [said.get('way'), said.get('id'), said.get('roll')];
    return {
      ...way === 'bluetooth' || way === 'serial' ? { way } : {},
      ...typeof id === 'string' ? { id } : {},
      ...roll === 'roll58' || roll === 'roll80' ? { roll } : {},
    };
  } catch {
    return {};
  }
}

function keep(what: Kept): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(what));
  } catch {
    // Blocked storage: the person chooses again next time.
  }
}

export const smallPrinter = new SmallPrinterHere();
