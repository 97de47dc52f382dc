/** Recordings of questions from the branch, kept on a phone that has no voice (UX-74). */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Clip, fetchClips, openClips, readClips } from '../../src/device/clips';
import { digestOf } from '../../src/device/darkroom';

const QUESTIONS = new Set(['child_full_name', 'applicant_address']);

/** As much of the browser's caches as is asked for. */
class FakeCache {
  readonly kept = new Map<string, Response>();

  keys = (): Promise<{ url: string }[]> => Promise.resolve([...this.kept.keys()].map((path) => ({ url: `https://office.test${path}` })));
  match = (path: string): Promise<Response | undefined> => Promise.resolve(this.kept.get(path)?.clone());
  delete = (url: string): Promise<boolean> => Promise.resolve(this.kept.delete(new URL(url).pathname));

  put = (path: string, answer: Response): Promise<void> => {
    this.kept.set(path, answer);
    return Promise.resolve();
  };
}

let cache: FakeCache;
let office: Map<string, Uint8Array<ArrayBuffer>>;
let asked: string[];

async function record(id: string, sound: number, language = 'vi'): Promise<Clip> {
  const bytes = new Uint8Array(40).fill(sound);
  const digest = await digestOf(bytes);
  office.set(`/sync/clips/${digest}`, bytes);
  return { language, id, type: 'audio/wav', digest, size: bytes.length };
}

beforeEach(() => {
  cache = new FakeCache();
  office = new Map();
  asked = [];
  vi.stubGlobal('caches', { open: () => Promise.resolve(cache) });
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    const bytes = office.get(path);
    return Promise.resolve(bytes === undefined ? new Response('no', { status: 404 }) : new Response(bytes));
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('recordings', () => {
  it('are fetched once, and play from this phone when there is no network', async () => {
    const clips = [await record('child_full_name', 1), await record('mother_full_name', 2), await record('child_full_name', 3, 'mnw')];
    expect([await fetchClips(clips), await fetchClips(clips), asked.length]).toEqual([true, true, 3]);
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')));
    expect(await fetchClips(clips)).toBe(true);

    const opened = await openClips(clips, QUESTIONS);
    const [address = ''] = opened.clips.values();
    opened.close();

    expect([...opened.clips.keys()]).toEqual(['child_full_name']);
    expect(address).toMatch(/^blob:/u);
  });

  it('go on another time where the line gives up in their midst', async () => {
    const clips = [await record('child_full_name', 1), await record('applicant_address', 2)];
    const second = [...office.entries()][1];
    office.delete(second?.[0] ?? '');
    expect([await fetchClips(clips), cache.kept.size]).toEqual([false, 1]);
    office.set(...(second ?? ['', new Uint8Array()]));

    expect([await fetchClips(clips), cache.kept.size, asked.length]).toEqual([true, 2, 3]);
  });

  it('are not kept where they are not what the office signed for', async () => {
    const clip = await record('child_full_name', 1);
    office.set(`/sync/clips/${clip.digest}`, new TextEncoder().encode('<html>Wi-Fi'));

    expect([await fetchClips([clip]), cache.kept.size, (await openClips([clip], QUESTIONS)).clips.size]).toEqual([false, 0, 0]);
  });

  it('leave when the office names them no more', async () => {
    const [old, current] = [await record('child_full_name', 1), await record('child_full_name', 2)];
    await fetchClips([old]);
    await fetchClips([current]);

    expect([...cache.kept.keys()]).toEqual([`/sync/clips/${current.digest}`]);
  });

  it('are read for what they are, up to what a phone keeps', async () => {
    const clip = await record('child_full_name', 1);
    const large = { ...clip, size: 20 * 1024 * 1024 };

    expect(readClips([clip, null, 7, { ...clip, digest: '../x' }, { ...clip, type: 'text/html' }, { ...clip, size: 0 }])).toEqual([clip]);
    expect(readClips([large, large, clip])).toEqual([large]);
    expect([readClips(null), readClips({})]).toEqual([[], []]);
  });
});
