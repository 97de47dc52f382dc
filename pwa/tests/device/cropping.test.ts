import { describe, expect, it } from 'vitest';
import { SIDES, UNCUT, sizeOf, trimmed, turned } from '../../src/device/cropping';

describe('turning and cutting by buttons', () => {
  it('is itself again after four turns', () => {
    const cut = trimmed(trimmed(UNCUT, 'left'), 'top');

    expect(turned(turned(turned(turned(cut))))).toEqual(cut);
    expect(turned(cut)).toMatchObject({ turns: 1, top: 4, right: 4 });
  });

  it('leaves a page, however often a side is cut', () => {
    let cut = UNCUT;
    for (let times = 0; times < 100; times += 1) for (const side of SIDES) cut = trimmed(cut, side);

    const { width, height } = sizeOf(cut, { width: 1000, height: 2000 });
    expect(width).toBeGreaterThanOrEqual(200);
    expect(height).toBeGreaterThanOrEqual(400);
  });

  it('changes height for width with a turn', () => {
    expect(sizeOf(turned(UNCUT), { width: 300, height: 400 })).toEqual({ width: 400, height: 300 });
    expect(sizeOf(trimmed(UNCUT, 'left'), { width: 300, height: 400 })).toEqual({ width: 288, height: 400 });
  });
});
