/**
 * Prepares photos one after the other, whoever added them and whenever: also those that a page left
 * raw when it was killed.
 *
 * The count of tries is on the disk before each begins. A picture that kills the page for want of
 * memory is given up after a few, and the person is told.
 */
import type { StoredPhoto } from '../store/photo';
import { StoreFull } from '../store/port';
import { hex } from '../sync/bytes';
import { ATTACHMENT_BYTES_MAX } from '../sync/limits';
import type { Topic } from './outcomes';
import type { World } from './world';

const TRIES_MAX = 3;
const LOCK = 'luudong-darkroom';
const PAUSE_BUSY_TAB_MS = 1_000;

export class Darkroom {
  private readonly world: World;
  private readonly heard: (topic: Topic) => void;
  private running: Promise<void> | null = null;
  private isWanted = false;

  constructor(world: World, heard: (topic: Topic) => void) {
    this.world = world;
    this.heard = heard;
  }

  /** Resolves when nothing is left to prepare, or when the disk is too full to go on. */
  async develop(): Promise<void> {
    this.isWanted = true;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.isWanted) {
      this.isWanted = false;
      const outcome = await this.world.tabs.alone(LOCK, async () => {
        await this.prepareAll();
      });
      if (outcome !== 'busy') continue;
      // Another tab is at it; what it leaves is ours.
      this.isWanted = true;
      await new Promise<void>((resolve) => this.world.clock.after(PAUSE_BUSY_TAB_MS, resolve));
    }
  }

  private async prepareAll(): Promise<void> {
    const { store } = this.world;
    for (;;) {
      const raw = (await store.photos.all()).find(({ stage }) => stage === 'raw');
      if (raw === undefined) return;
      try {
        await this.prepare(raw);
      } catch (fault) {
        if (!(fault instanceof StoreFull)) throw fault;
        return;
      } finally {
        this.heard('photos');
      }
    }
  }

  private async prepare(photo: StoredPhoto): Promise<void> {
    const { store, photos } = this.world;
    const { id, tries } = photo;
    const raw = tries < TRIES_MAX ? await store.photos.bytes(id, 'raw') : null;
    if (raw === null) {
      await store.photos.change(id, { stage: 'unreadable' });
      return;
    }
    await store.photos.change(id, { tries: tries + 1 });
    const prepared = await photos.prepare(raw, photo.type);
    if (prepared === 'unreadable' || prepared.bytes.length > ATTACHMENT_BYTES_MAX) {
      await store.photos.change(id, { stage: 'unreadable' });
      return;
    }
    const { bytes, type, thumbnail, hint } = prepared;
    const digest = await digestOf(bytes);
    const about = { type, digest, size: bytes.length, hint };
    const made = { ...photo, ...about, stage: 'prepared' } as const;
    await store.photos.keepPrepared(made, bytes, thumbnail);
  }
}

/** SHA-256 in hex. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
