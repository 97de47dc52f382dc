/**
 * Recordings of questions that the branch made, for phones without a voice of their own (UX-74).
 *
 * 1. The signed reference data name each by its digest: bytes that have another are no recording.
 * 2. They are nobody's data and lie in a cache of their own, bounded; what the office names no more goes.
 */
import { hex } from '../sync/bytes';
import { isAudio } from './speaking';

const CACHE = 'luudong-clips';
/** As the office bounds them; one that names more gets only the first of them kept. */
const CLIPS_BYTES_MAX = 24 * 1024 * 1024;
const DIGEST = /^[0-9a-f]{64}$/u;

export interface Clip {
  readonly language: string;
  readonly id: string;
  readonly type: string;
  readonly digest: string;
  readonly size: number;
}

/** Whatever is no recording is left out: nobody's work stops for it. */
export function readClips(value: unknown): readonly Clip[] {
  const clips: Clip[] = [];
  let room = CLIPS_BYTES_MAX;
  for (const one of Array.isArray(value) ? (value as unknown[]) : []) {
    const said = Object(one) as Partial<Record<keyof Clip, unknown>>;
    const { language, id, type, digest, size } = said;
    if (typeof language !== 'string' || typeof id !== 'string' || !isAudio(type)) continue;
    if (typeof digest !== 'string' || !DIGEST.test(digest) || typeof size !== 'number' || !(size > 0)) continue;
    room -= size;
    if (room < 0) break;
    clips.push({ language, id, type, digest, size });
  }
  return clips;
}

/** Fetches what is not here yet; `false` where the line or the disk gave up: it goes on another time. */
export async function fetchClips(clips: readonly Clip[]): Promise<boolean> {
  if (!('caches' in globalThis)) return true;
  try {
    const cache = await caches.open(CACHE);
    const wanted = new Set(clips.map(addressOf));
    const held = new Set<string>();
    for (const { url } of await cache.keys()) {
      const { pathname } = new URL(url);
      if (wanted.has(pathname)) held.add(pathname);
      else await cache.delete(url);
    }
    for (const clip of clips) {
      if (held.has(addressOf(clip))) continue;
      const answer = await fetch(addressOf(clip), { cache: 'no-store', credentials: 'omit', redirect: 'error' });
      if (!answer.ok) return false;
      const bytes = await answer.arrayBuffer();
      const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
      if (digest !== clip.digest) return false;
      await cache.put(addressOf(clip), new Response(bytes, { headers: { 'Content-Type': clip.type } }));
    }
    return true;
  } catch (fault) {
    // No network, a browser whose storage is closed to us, a full disk.
    if (fault instanceof TypeError || fault instanceof DOMException) return false;
    throw fault;
  }
}

/** The recordings of these questions that lie here, as addresses to play; `close` lets go of them. */
export async function openClips(
  clips: readonly Clip[], questions: ReadonlySet<string>, language = 'vi',
): Promise<{ readonly clips: ReadonlyMap<string, string>; close(): void }> {
  const opened = new Map<string, string>();
  const wanted = clips.filter((clip) => clip.language === language && questions.has(clip.id));
  if (wanted.length > 0 && 'caches' in globalThis) {
    const cache = await caches.open(CACHE).catch(() => null);
    for (const clip of wanted) {
      const kept = await cache?.match(addressOf(clip));
      if (kept !== undefined) opened.set(clip.id, URL.createObjectURL(await kept.blob()));
    }
  }
  return { clips: opened, close: () => { for (const address of opened.values()) URL.revokeObjectURL(address); } };
}

function addressOf({ digest }: Clip): string {
  return `/sync/clips/${digest}`;
}
