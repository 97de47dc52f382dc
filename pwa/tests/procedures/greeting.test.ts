/** The greeting card that goes with a birth certificate (A16): what it says, and when there is none. */
import { describe, expect, it } from 'vitest';
import { SEEDLING, brocade, greetingOf } from '../../src/procedures/greeting';
import { resultsOf } from '../../src/shift/results';
import type { Said } from '../../src/shift/work';
import { work } from '../shift/making';

const GIVER = { office: 'Chi nhánh số 5', parent: 'Trung tâm', areaName: 'Xã Mỹ Đức', today: '2026-11-22' };

function card(said: Said) {
  const [result] = resultsOf([work('result_delivery', { title: 'Giấy khai sinh', person: 'Bạch Đình Khôi', ...said })]);
  if (result === undefined) throw new Error('no result');
  return greetingOf(result, GIVER);
}

describe('the greeting card', () => {
  it('names the child, the day and who congratulates', () => {
    const shown = card({ newborn: 'Bạch Minh Châu', born_on: '2026-11-05', handed_at: '2026-11-23T09:30:00+07:00' });

    expect(shown).toMatchObject({
      name: 'Bạch Minh Châu', born: 'Sinh ngày 05 tháng 11 năm 2026',
      place: 'Xã Mỹ Đức, ngày 23 tháng 11 năm 2026', office: ['Trung tâm', 'Chi nhánh số 5'],
    });
    expect(JSON.stringify(shown)).not.toContain('Khôi');
  });

  it('bears the day of today while nobody has handed it back', () => {
    expect(card({ newborn: 'Minh', born_on: '2026-11-05' })?.place).toContain('ngày 22 tháng 11');
  });

  it('goes with no other result', () => {
    expect(card({})).toBeNull();
    expect(card({ newborn: 'Minh', born_on: '' })).toBeNull();
  });

  it('is drawn of shapes that paper and picture have in common', () => {
    expect([...SEEDLING, ...brocade(3)].every(({ path, fill, stroke }) => path.startsWith('M') && (fill ?? stroke) !== null)).toBe(true);
  });
});
