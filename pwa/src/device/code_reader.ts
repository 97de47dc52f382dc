/**
 * Reads QR codes from the camera's pictures: by the browser's own reader where there is one, else
 * by ZXing in a worker, which is fetched from our own host when it is first needed.
 *
 * No picture is kept: a frame lives until it has been looked at.
 */
import type { ReaderAnswer } from './code_worker';
import readerFile from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { ON_DEMAND_FILES } from './remains';

/** `not-here`: the reader was never fetched, and there is no network. */
export type CodeRead = { readonly text: string } | 'nothing' | 'not-here';

export interface CodeReader {
  /** One frame at a time. */
  read(frame: HTMLVideoElement): Promise<CodeRead>;
  close(): void;
}

/** What browsers with a reader of their own offer; it is not in the language's types yet. */
interface NativeReader {
  detect(frame: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface NativeReaders {
  new (options: { formats: readonly string[] }): NativeReader;
  getSupportedFormats(): Promise<readonly string[]>;
}

const QR = 'qr_code';

export async function openCodeReader(): Promise<CodeReader> {
  const native = await nativeReaders();
  return native === null ? workerReader() : nativeReader(new native({ formats: [QR] }));
}

/** Whether codes can be read without network. */
export async function hasCodeReader(): Promise<boolean> {
  if ((await nativeReaders()) !== null) return true;
  return 'caches' in globalThis && (await caches.match(readerFile)) !== undefined;
}

/**
 * Fetches what reading needs, so that it is here when the network is not; part of starting a
 * shift. It puts it into the worker's cache itself: a page's first life has no worker yet.
 */
export async function fetchCodeReader(): Promise<void> {
  if (!('caches' in globalThis) || (await hasCodeReader())) return;
  const cache = await caches.open(ON_DEMAND_FILES);
  // No network, or no room: it is tried again at the next start, and typing goes without it.
  await cache.add(readerFile).catch(() => undefined);
}

async function nativeReaders(): Promise<NativeReaders | null> {
  const { BarcodeDetector: native } = globalThis as { BarcodeDetector?: NativeReaders };
  if (native === undefined) return null;
  // Some browsers have the name and no reader behind it.
  const formats: readonly string[] = await native.getSupportedFormats().catch(() => []);
  return formats.includes(QR) ? native : null;
}

function nativeReader(reader: NativeReader): CodeReader {
  return {
    read: async (frame) => {
      const [found] = await reader.detect(frame).catch(() => []);
      return found === undefined ? 'nothing' : { text: found.rawValue };
    },
    close: () => undefined,
  };
}

function workerReader(): CodeReader {
  const worker = new Worker(new URL('code_worker.ts', import.meta.url), { type: 'module' });
  return {
    read: async (frame) => {
      const picture = await createImageBitmap(frame);
      return await new Promise<ReaderAnswer>((resolve) => {
        worker.onmessage = ({ data }: MessageEvent<ReaderAnswer>) => {
          resolve(data);
        };
        worker.onerror = () => {
          resolve('not-here');
        };
        worker.postMessage({ picture, readerFile }, [picture]);
      });
    },
    close: () => {
      worker.terminate();
    },
  };
}
