import { describe, expect, it } from 'vitest';
import { fold, found } from '../../src/procedures/folding';

// UX-80
describe('search without tone marks', () => {
  it.each([
    ['Đặng Thị Hoà', 'dang thi hoa'], ['đường  Láng ', 'duong lang'], ['Nguyễn'.normalize('NFD'), 'nguyen'], ['ƯƠ', 'uo'], ['Hmông', 'hmong'],
  ])('%s folds to %s', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it('hoà finds hòa', () => {
    expect(found(['Hòa Bình', 'Hải'], 'hoà', (name) => name)).toEqual(['Hòa Bình']);
  });

  it('finds all words in any order, exact tones first', () => {
    const names = ['Nguyễn Văn Hoa', 'Nguyễn Thị Hoà', 'Trần Hoà'];

    expect(found(names, 'hoà', (name) => name)).toEqual(['Nguyễn Thị Hoà', 'Trần Hoà', 'Nguyễn Văn Hoa']);
    expect(found(names, 'hoa nguyen', (name) => name)).toEqual(['Nguyễn Văn Hoa', 'Nguyễn Thị Hoà']);
    expect(found(names, '  ', (name) => name)).toBe(names);
  });
});
