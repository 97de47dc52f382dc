import { expect, it } from 'vitest';
import { readBranch, waitOf } from '../../src/procedures/branch';

const HOUR = 3_600_000;
const NAMES = { name_vi: 'Chi nhánh', parent_vi: 'Trung tâm', hotline: '024.1022' };

it('UX-39: the office says from when unsent work is amber, and from when red', () => {
  const branch = readBranch({ ...NAMES, unsent_amber_hours: 2, unsent_red_hours: 5 });

  expect(waitOf(0, 2 * HOUR - 1, branch)).toEqual({ hours: 1, tone: 'calm' });
  expect(waitOf(0, 2 * HOUR, branch)).toEqual({ hours: 2, tone: 'amber' });
  expect(waitOf(0, 5 * HOUR, branch)).toEqual({ hours: 5, tone: 'red' });
});

it('UX-39: an office of before says nothing of it, and a clock that was set back makes nothing older', () => {
  const branch = readBranch(NAMES);

  expect(waitOf(0, 8 * HOUR, branch).tone).toBe('amber');
  expect(waitOf(0, 24 * HOUR, null).tone).toBe('red');
  expect(waitOf(HOUR, 0, branch)).toEqual({ hours: 0, tone: 'calm' });
});
