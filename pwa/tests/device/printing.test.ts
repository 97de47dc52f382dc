import { afterEach, describe, expect, it, vi } from 'vitest';
import { sendJob, type Line, type SmallPrinter } from '../../src/device/printing';
import { END } from '../../src/device/thermal';

const JOB = [Uint8Array.of(1, 2, 3, 4, 5), Uint8Array.of(6, 7), END];

class Recorder implements Line {
  readonly bytesAtOnce = 2;
  readonly pieces: number[][] = [];
  isClosed = false;

  constructor(private readonly onWrite: (count: number) => Promise<void> = () => Promise.resolve()) {}

  async write(piece: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.onWrite(this.pieces.length);
    this.pieces.push([...piece]);
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

function printer(open: () => Promise<Line | null>): SmallPrinter {
  return { name: 'MPT-II', open };
}

const running = (): AbortSignal => new AbortController().signal;
const never = () => new Promise<never>(() => undefined);

describe('printing on a small printer (UX-42)', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sends all of it in pieces, says how far it is, and lets the printer go', async () => {
    const line = new Recorder();
    const shares: number[] = [];

    const outcome = await sendJob(printer(() => Promise.resolve(line)), JOB, running(), (share) => shares.push(share));

    expect(outcome).toBe('printed');
    expect(line.pieces).toEqual([[1, 2], [3, 4], [5], [6, 7], [0x1b, 0x64], [4]]);
    expect(shares).toEqual([...shares].sort((one, other) => one - other));
    expect(shares.at(-1)).toBe(1);
    expect(line.isClosed).toBe(true);
  });

  it('says that a printer is off', async () => {
    const outcome = await sendJob(printer(() => Promise.reject(new DOMException('', 'NetworkError'))), JOB, running(), () => undefined);

    expect(outcome).toBe('unreachable');
  });

  it('says that what answers is no printer', async () => {
    expect(await sendJob(printer(() => Promise.resolve(null)), JOB, running(), () => undefined)).toBe('stranger');
  });

  it('says that it was cut in the middle, and lets the printer go', async () => {
    const line = new Recorder((count) => (count === 3 ? Promise.reject(new DOMException('', 'NetworkError')) : Promise.resolve()));

    expect(await sendJob(printer(() => Promise.resolve(line)), JOB, running(), () => undefined)).toBe('cut');
    expect(line.isClosed).toBe(true);
  });

  it('waits for no printer that says nothing any more', async () => {
    vi.useFakeTimers();
    const line = new Recorder((count) => (count === 1 ? never() : Promise.resolve()));
    const ended = sendJob(printer(() => Promise.resolve(line)), JOB, running(), () => undefined);
    const unheard = sendJob(printer(never), JOB, running(), () => undefined);

    await vi.advanceTimersByTimeAsync(20_000);

    expect(await ended).toBe('cut');
    expect(await unheard).toBe('unreachable');
  });

  it('stops at the end of a part, and moves the paper out', async () => {
    const stop = new AbortController();
    const line = new Recorder((count) => {
      if (count === 0) stop.abort();
      return Promise.resolve();
    });

    expect(await sendJob(printer(() => Promise.resolve(line)), JOB, stop.signal, () => undefined)).toBe('stopped');
    expect(line.pieces).toEqual([[1, 2], [3, 4], [5], [...END]]);
    expect(line.isClosed).toBe(true);
  });

  it('stops at once while it is being reached, and lets go whoever answers after that', async () => {
    const stop = new AbortController();
    const line = new Recorder();
    let answer: (line: Line) => void = () => undefined;
    const ended = sendJob(printer(() => new Promise((resolve) => { answer = resolve; })), JOB, stop.signal, () => undefined);

    stop.abort();
    expect(await ended).toBe('stopped');
    answer(line);
    await vi.waitFor(() => { expect(line.isClosed).toBe(true); });
    expect(line.pieces).toEqual([]);
  });
});
