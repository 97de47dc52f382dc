import { describe, expect, it } from 'vitest';
import { DOTS, END, jobOf } from '../../src/device/thermal';

const INK = [0, 0, 0, 255];
const PAPER = [255, 255, 255, 255];

function picture(width: number, height: number, isInk: (x: number, y: number) => boolean) {
  const points = Array.from({ length: width * height }, (_, at) => (isInk(at % width, Math.floor(at / width)) ? INK : PAPER));
  return { width, height, data: Uint8ClampedArray.from(points.flat()) };
}

describe('a job of a small printer (UX-42)', () => {
  it('is a picture in bands, eight dots a byte, the leftmost first', () => {
    const job = jobOf(picture(16, 25, (x, y) => (y === 0 && x === 0) || (y === 24 && x === 9)));

    expect(job).toHaveLength(4);
    expect([...job[1] ?? []].slice(0, 12)).toEqual([0x1d, 0x76, 0x30, 0, 2, 0, 24, 0, 0x80, 0, 0, 0]);
    expect(job[1]).toHaveLength(8 + 2 * 24);
    expect([...job[2] ?? []]).toEqual([0x1d, 0x76, 0x30, 0, 2, 0, 1, 0, 0, 0x40]);
    expect(job[3]).toEqual(END);
  });

  it('fills up the band that a job before it broke off in, then begins anew', () => {
    const [start] = jobOf(picture(8, 1, () => false));

    const largest = Math.max(...jobOf(picture(DOTS.roll80, 100, () => true)).slice(1).map((part) => part.length));
    expect([...start?.slice(-2) ?? []]).toEqual([0x1b, 0x40]);
    expect(start?.slice(0, -2).every((byte) => byte === 0)).toBe(true);
    expect((start?.length ?? 0) - 2).toBeGreaterThanOrEqual(largest - 8);
  });

  it('leaves the right of the last byte white where the width is no multiple of eight', () => {
    const [, band] = jobOf(picture(10, 1, () => true));

    expect([...band ?? []].slice(8)).toEqual([0xff, 0xc0]);
  });

  it('takes for ink what is darker than half, and for paper what is not covered', () => {
    const data = Uint8ClampedArray.from([127, 127, 127, 255, 129, 129, 129, 255, 0, 0, 0, 0, 38, 105, 58, 255, 0, 0, 0, 160, ...PAPER, ...PAPER, ...PAPER]);
    const [, band] = jobOf({ width: 8, height: 1, data });

    expect([...band ?? []].slice(8)).toEqual([0b10011000]);
  });
});
