import { describe, expect, it, vi } from 'vitest';
import { found } from '../../src/procedures/folding';
import { SearchedTexts } from '../../src/procedures/searched';

interface One {
  readonly record: string;
  readonly name: string;
}

const HOA: One = { record: 'r1', name: 'Nguyễn Thị Hoà' };
const BINH: One = { record: 'r2', name: 'Trần Văn Bình' };
const soon = (): Promise<void> => Promise.resolve();

describe('texts that many searches look through', () => {
  it('are read once, and found as they would be without', async () => {
    const textOf = vi.fn(({ name }: One) => name);
    const texts = new SearchedTexts(textOf);
    await texts.prepare([HOA, BINH], soon, () => true);
    for (const sought of ['hoa', 'hòa', 'binh tran', 'nguyen', 'Hoà', 'x']) {
      expect(found([HOA, BINH], sought, (one) => texts.of(one))).toEqual(found([HOA, BINH], sought, ({ name }) => name));
    }
    expect(textOf).toHaveBeenCalledTimes(2);
  });

  it('are those of the newest reading', async () => {
    const texts = new SearchedTexts(({ name }: One) => name);
    await texts.prepare([HOA, BINH], soon, () => true);
    const again = [{ ...HOA }, { ...BINH, name: 'Trần Văn Quỳnh' }];
    expect(found(again, 'quynh', (one) => texts.of(one))).toEqual([again[1]]);
    expect(found(again, 'binh', (one) => texts.of(one))).toEqual([]);
    expect(texts.of(again[0] ?? BINH)).toBe(texts.of(HOA));
  });

  it('of what has left are let go, and nothing goes on once nobody waits for it', async () => {
    const textOf = vi.fn(({ name }: One) => name);
    const texts = new SearchedTexts(textOf);
    const before = texts.of(HOA);
    await texts.prepare([BINH], soon, () => true);
    expect(texts.of({ ...HOA })).not.toBe(before);
    textOf.mockClear();
    await texts.prepare([{ ...HOA }, { ...BINH }], soon, () => false);
    expect(textOf).not.toHaveBeenCalled();
  });
});
