import { expect, it } from 'vitest';
import { byGivenName } from '../../src/procedures/people';

it('UX-81: people stand by their given names, in the order of the Vietnamese letters', () => {
  const people = ['Trần Văn Đạt', 'Lê Thị Ánh', 'Nguyễn Văn An', 'Bùi Thị Dung', 'Phạm Thu Chi', 'Đỗ Văn An', 'Lý Ưởng', 'Hà Thị Uyên'];

  expect([...people].sort(byGivenName)).toEqual([
    'Đỗ Văn An', 'Nguyễn Văn An', 'Lê Thị Ánh', 'Phạm Thu Chi', 'Bùi Thị Dung', 'Trần Văn Đạt', 'Hà Thị Uyên', 'Lý Ưởng',
  ]);
});
