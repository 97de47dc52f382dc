import { describe, expect, it } from 'vitest';
import { boxesOf, dateOf, isAfter } from '../../src/procedures/dates';
import { dateInWords, numberInWords } from '../../src/procedures/date_words';

describe('a date in three boxes', () => {
  it.each([
    ['5', '11', '2026', '2026-11-05'], ['', '11', '1952', '1952-11'], ['', '', '1952', '1952'], ['', '', '', null],
    ['5', '', '', '5//'], ['31', '2', '2026', '31/2/2026'], ['29', '2', '2024', '2024-02-29'], ['5', '13', '2026', '5/13/2026'],
    ['5', '11', '26', '5/11/26'],
  ])('%s %s %s is %s', (day, month, year, expected) => {
    const date = dateOf({ day, month, year });

    expect(date).toBe(expected);
    if (date?.includes('/')) expect(boxesOf(date)).toEqual({ day, month, year });
  });

  it('is after today only as far as it is known', () => {
    expect(isAfter('2026', '2026-11-22')).toBe(false);
    expect(isAfter('2026-12', '2026-11-22')).toBe(true);
    expect(isAfter('2026-11-23', '2026-11-22')).toBe(true);
  });
});

describe('dates in words', () => {
  it.each([
    ['2026-11-15', 'Ngày mười lăm, tháng mười một, năm hai nghìn không trăm hai mươi sáu'],
    ['1990-04-01', 'Ngày mùng một, tháng tư, năm một nghìn chín trăm chín mươi'],
    ['2005-10-21', 'Ngày hai mươi mốt, tháng mười, năm hai nghìn không trăm linh năm'],
    ['1954-12-24', 'Ngày hai mươi tư, tháng mười hai, năm một nghìn chín trăm năm mươi tư'],
    ['1952-07', 'Tháng bảy, năm một nghìn chín trăm năm mươi hai'],
    ['2000', 'Năm hai nghìn'],
  ])('%s', (date, words) => {
    expect(dateInWords(date)).toBe(words);
  });

  it('says nothing of what is no date', () => {
    expect(dateInWords('5//')).toBeNull();
    expect(dateInWords(null)).toBeNull();
  });

  it('reads numbers', () => {
    expect([0, 10, 11, 15, 20, 21, 25, 104, 110, 999].map(numberInWords)).toEqual([
      'không', 'mười', 'mười một', 'mười lăm', 'hai mươi', 'hai mươi mốt', 'hai mươi lăm', 'một trăm linh tư', 'một trăm mười',
      'chín trăm chín mươi chín',
    ]);
  });
});
