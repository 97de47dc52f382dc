/** The camera inside a page and its shutter: opened, refused, lost, one picture at a time (UX-40). */
import type { Camera, CameraTrouble } from '../device/camera';
import type { PhotoFile } from '../device/shown';

export interface ShutterTools {
  readonly open: () => Promise<Camera | CameraTrouble>;
  /** Null where the browser could make no picture of it. */
  readonly picture: (video: HTMLVideoElement) => Promise<Blob | null>;
  /** Unix time, ms. */
  readonly now: () => number;
}

export class Shutter {
  camera: Camera | null = $state.raw(null);
  trouble: CameraTrouble | 'lost' | null = $state(null);
  /** What shows the camera's picture, once it moves. */
  video: HTMLVideoElement | null = $state.raw(null);
  busy = $state(false);
  #isOver = false;

  constructor(private readonly tools: ShutterTools) {}

  async open(): Promise<void> {
    this.trouble = null;
    const opened = await this.tools.open();
    if (typeof opened === 'string') {
      this.trouble = opened;
      return;
    }
    if (this.#isOver) {
      // Whoever asked has gone: its light must not stay on.
      opened.close();
      return;
    }
    opened.whenLost(() => {
      this.camera = null;
      this.video = null;
      this.trouble = 'lost';
    });
    this.camera = opened;
  }

  /** Takes one picture; whoever presses twice has one. It is free again once that one is kept. */
  async shoot(keep: (file: PhotoFile) => Promise<void>): Promise<void> {
    if (this.video === null || this.busy) return;
    this.busy = true;
    try {
      const blob = await this.tools.picture(this.video);
      if (blob === null) return;
      const bytes = new Uint8Array(await blob.arrayBuffer());
      await keep({ bytes, type: blob.type, takenAt: this.tools.now() });
    } finally {
      this.busy = false;
    }
  }

  close(): void {
    this.#isOver = true;
    this.camera?.close();
  }
}
