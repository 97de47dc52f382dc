/** Sends a job to a small printer, part by part, and says in one word how that ended. */
import { END } from './thermal';

/** A printer that a person chose; it is reached anew for each job, so that others can print between. */
export interface SmallPrinter {
  readonly name: string;
  /** Rejects where nobody answers; null where what answers takes no jobs of ours. */
  open(): Promise<Line | null>;
}

/** A connection that stands. */
export interface Line {
  /** How much it takes in one piece. */
  readonly bytesAtOnce: number;
  /** Resolves once it was taken; rejects where the printer is gone. */
  write(piece: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
}

/**
 * `unreachable`: off, far away or busy with another; nothing was printed.
 * `stranger`: no printer that this app knows how to speak to.
 * `cut`: gone while it was printing; what came out is a part.
 * `stopped`: somebody pressed stop; what came out is a part, or nothing.
 */
export type PrintOutcome = 'printed' | 'unreachable' | 'stranger' | 'cut' | 'stopped';

/** A radio that says nothing for so long is out of range, even where the browser still waits. */
const SILENCE_MS = 20_000;

export async function sendJob(
  printer: SmallPrinter,
  job: readonly Uint8Array<ArrayBuffer>[],
  signal: AbortSignal,
  onSent: (share: number) => void,
): Promise<PrintOutcome> {
  const line = await reach(printer, signal);
  if (line === null || typeof line === 'string') return line ?? 'stranger';
  try {
    return await sendParts(line, job, signal, onSent);
  } catch {
    return 'cut';
  } finally {
    // Whatever it says to that: the job is over.
    await heard(line.close()).catch(() => undefined);
  }
}

async function reach(printer: SmallPrinter, signal: AbortSignal): Promise<Line | 'unreachable' | 'stopped' | null> {
  const opening = printer.open();
  // Who comes after all, when nobody waits any more, is let go.
  const letGo = (): void => { void opening.then((late) => late?.close()).catch(() => undefined); };
  try {
    return await heard(opening, signal);
  } catch {
    letGo();
    return signal.aborted ? 'stopped' : 'unreachable';
  }
}

/** Stops between two parts only: in the middle of one the printer would wait for its rest. */
async function sendParts(
  line: Line, job: readonly Uint8Array<ArrayBuffer>[], signal: AbortSignal, onSent: (share: number) => void,
): Promise<PrintOutcome> {
  const all = job.reduce((sum, part) => sum + part.length, 0);
  let sent = 0;
  onSent(0);
  for (const part of job) {
    if (signal.aborted) {
      await heard(line.write(END));
      return 'stopped';
    }
    for (let from = 0; from < part.length; from += line.bytesAtOnce) {
      const piece = part.slice(from, from + line.bytesAtOnce);
      await heard(line.write(piece));
      sent += piece.length;
      onSent(sent / all);
    }
  }
  return 'printed';
}

/** Rejects after a long silence, and at once where a signal ends the wait. */
function heard<T>(answer: Promise<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => { reject(new Error('no answer')); };
    const timer = setTimeout(giveUp, SILENCE_MS);
    signal?.addEventListener('abort', giveUp, { once: true });
    if (signal?.aborted === true) giveUp();
    answer.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    });
  });
}
