import { describe, expect, it } from 'vitest';
import { hintOf } from '../../src/device/sharpness';

/** A picture whose brightness at (x, y) the test says. */
function picture(brightness: (x: number, y: number) => number, edge = 64): [Uint8ClampedArray, number, number] {
  const pixels = new Uint8ClampedArray(edge * edge * 4);
  for (let at = 0; at < edge * edge; at += 1) {
    pixels.fill(brightness(at % edge, Math.floor(at / edge)), at * 4, at * 4 + 3);
  }
  return [pixels, edge, edge];
}

describe('hints at a photo of a paper', () => {
  it('says nothing of print on a lit page', () => {
    expect(hintOf(...picture((x, y) => ((x >> 1) + (y >> 1)) % 4 === 0 ? 30 : 230))).toBeNull();
  });

  it('says that it is dark', () => {
    expect(hintOf(...picture((x, y) => ((x >> 1) + (y >> 1)) % 4 === 0 ? 4 : 40))).toBe('dark');
  });

  it('says that it is out of focus', () => {
    expect(hintOf(...picture((x) => 150 + 60 * Math.sin(x / 9)))).toBe('blurred');
  });

  it('says nothing of nothing', () => {
    expect(hintOf(new Uint8ClampedArray(), 0, 0)).toBeNull();
  });
});
