/**
 * A picture in the language of small printers (ESC/POS): dots that are black or left white.
 *
 * 1. Letters are never sent: such printers know none of ours, so that everything is a picture (UX-42).
 * 2. A job that broke off may have left a printer waiting for the rest of a band. What goes first
 *    fills the largest band there is: white dots within one, nothing outside of one.
 * 3. Nothing is cut off: portable printers have a tear bar, and some print a command that they do not
 *    know as letters.
 */

/** What is printed of a roll of 58 and of 80 mm, at 8 dots a millimetre. */
export const DOTS = { roll58: 384, roll80: 576 } as const;
export type Roll = keyof typeof DOTS;

/** Rows that are sent with one command; a cheap printer keeps no more than a few kilobytes. */
const BAND_ROWS = 24;
/** Lighter than this is paper. Letters are sharper so than with scattered dots between. */
const INK_BELOW = 128;
/** Lines that bring the last row past the tear bar. */
const TAIL_LINES = 4;

/** What a canvas gives: four bytes a point. */
export interface Points {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

const START: readonly number[] = [
  ...Array<number>((DOTS.roll80 / 8) * BAND_ROWS).fill(0),
  0x1b, 0x40, // ESC @: as it was switched on
];

/** ESC d: what was printed is moved out, to be torn off. */
export const END: Uint8Array<ArrayBuffer> = Uint8Array.of(0x1b, 0x64, TAIL_LINES);

/** The whole job; between any two of its parts a printer waits for nothing and can be left. */
export function jobOf(picture: Points): readonly Uint8Array<ArrayBuffer>[] {
  const across = Math.ceil(picture.width / 8);
  const bands: Uint8Array<ArrayBuffer>[] = [];
  for (let top = 0; top < picture.height; top += BAND_ROWS) {
    const rows = Math.min(BAND_ROWS, picture.height - top);
    const band = new Uint8Array(8 + across * rows);
    // GS v 0: a picture, as it is, so many bytes across and so many rows.
    band.set([0x1d, 0x76, 0x30, 0, across & 255, across >> 8, rows, 0]);
    for (let row = 0; row < rows; row += 1) {
      for (let x = 0; x < picture.width; x += 1) {
        if (isInk(picture, x, top + row)) setDot(band, 8 + row * across, x);
      }
    }
    bands.push(band);
  }
  return [Uint8Array.from(START), ...bands, END];
}

function setDot(band: Uint8Array, from: number, x: number): void {
  const at = from + (x >> 3);
  band[at] = (band[at] ?? 0) | (128 >> (x & 7));
}

/** As an eye weighs colours, on white paper. */
function isInk({ width, data }: Points, x: number, y: number): boolean {
  const at = (y * width + x) * 4;
  const [red = 0, green = 0, blue = 0, cover = 0] = [data[at], data[at + 1], data[at + 2], data[at + 3]];
  const light = 0.299 * red + 0.587 * green + 0.114 * blue;
  return 255 + (light - 255) * (cover / 255) < INK_BELOW;
}
