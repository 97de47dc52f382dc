/**
 * Draws a photo anew, off the page's own thread: upright, small enough, without anything that the
 * camera wrote beside the picture (where it was taken, by whom, another picture inside).
 */
import type { PhotoHint } from '../store/photo';
import { LOOKED_AT_PIXELS, hintOf } from './sharpness';

declare const self: DedicatedWorkerGlobalScope;

/** Long enough to read the small print of an A4 page, short enough for a slow line. */
const EDGE_PIXELS_MAX = 2_400;
const THUMBNAIL_PIXELS = 320;
const QUALITY = 0.82;
const TYPE = 'image/jpeg';

self.addEventListener('message', ({ data }: MessageEvent<Blob>) => {
  void draw(data).then(
    (drawn) => {
      self.postMessage(drawn, [drawn.bytes.buffer, drawn.thumbnail.buffer]);
    },
    () => {
      self.postMessage('unreadable');
    },
  );
});

interface Drawn {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly thumbnail: Uint8Array<ArrayBuffer>;
  readonly hint: PhotoHint | null;
}

async function draw(photo: Blob): Promise<Drawn> {
  const picture = await createImageBitmap(photo, { imageOrientation: 'from-image' });
  try {
    const bytes = await drawn(picture, EDGE_PIXELS_MAX);
    const thumbnail = await drawn(picture, THUMBNAIL_PIXELS);
    return { bytes, type: TYPE, thumbnail, hint: hintAt(picture) };
  } finally {
    picture.close();
  }
}

async function drawn(picture: ImageBitmap, edge: number): Promise<Uint8Array<ArrayBuffer>> {
  const { canvas } = scaled(picture, edge);
  const blob = await canvas.convertToBlob({ type: TYPE, quality: QUALITY });
  if (blob.type !== TYPE) throw new Error('no JPEG');
  return new Uint8Array(await blob.arrayBuffer());
}

function hintAt(picture: ImageBitmap): PhotoHint | null {
  const { canvas, pen } = scaled(picture, LOOKED_AT_PIXELS);
  const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
  return hintOf(data, width, height);
}

interface Scaled {
  readonly canvas: OffscreenCanvas;
  readonly pen: OffscreenCanvasRenderingContext2D;
}

function scaled(picture: ImageBitmap, edge: number): Scaled {
  const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d', { alpha: false });
  if (pen === null) throw new Error('no canvas');
  pen.imageSmoothingQuality = 'high';
  // What was see-through is paper.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  return { canvas, pen };
}
