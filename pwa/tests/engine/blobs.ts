/** A file in memory that is read at once; Node's own goes by way of a thread. */
import type { Bytes } from '../../src/sync/bytes';

class BlobInMemory {
  private readonly bytes: Bytes;

  constructor(parts: readonly Bytes[] = []) {
    this.bytes = new Uint8Array(Buffer.concat(parts));
  }

  get size(): number {
    return this.bytes.length;
  }

  slice(start: number, end: number): BlobInMemory {
    return new BlobInMemory([this.bytes.slice(start, end)]);
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.bytes.slice().buffer);
  }
}

/** Puts it where the engine looks for the browser's. */
export function installBlobs(): void {
  globalThis.Blob = BlobInMemory as unknown as typeof Blob;
}
