/**
 * Whether a photo of a paper looks too dark or out of focus. A hint, never a gate (UX-40): a person
 * looks at the picture and decides.
 */
import type { PhotoHint } from '../store/photo';

/** Mean of 255 below which print is hard to read; a page in a lit room has 120 and more. */
const DARK_BELOW = 60;
/** Variance of the Laplacian at 512 pixels of edge; a page in focus has several hundred. */
const BLURRED_BELOW = 60;
export const LOOKED_AT_PIXELS = 512;

/** Looks at pixels as a canvas gives them: four bytes each, red, green, blue, opacity. */
export function hintOf(
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
): PhotoHint | null {
  const grey = greyOf(pixels);
  if (grey.length === 0) return null;
  if (meanOf(grey) < DARK_BELOW) return 'dark';
  return varianceOf(edgesOf(grey, width, height)) < BLURRED_BELOW ? 'blurred' : null;
}

/** Brightness as the eye weighs it (Rec. 601). */
function greyOf(pixels: Uint8ClampedArray): Float32Array {
  const grey = new Float32Array(pixels.length >> 2);
  for (let at = 0; at < grey.length; at += 1) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at * 4, at * 4 + 3);
    grey[at] = 0.299 * red + 0.587 * green + 0.114 * blue;
  }
  return grey;
}

/** The Laplacian: how far each pixel is from its four neighbours. */
function edgesOf(grey: Float32Array, width: number, height: number): Float32Array {
  const edges = new Float32Array(Math.max(0, width - 2) * Math.max(0, height - 2));
  let next = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const around =
        (grey[at - 1] ?? 0) + (grey[at + 1] ?? 0) + (grey[at - width] ?? 0) + (grey[at + width] ?? 0);
      edges[next] = around - 4 * (grey[at] ?? 0);
      next += 1;
    }
  }
  return edges;
}

function meanOf(values: Float32Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: Float32Array): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return values.length === 0 ? 0 : squares / values.length;
}
