/** Which stops there are to choose, and which comes next. */
import { expect, it } from 'vitest';
import { nextStop, stopsOf, stopsToChoose } from '../../src/shift/stops';
import { work } from './making';

const stop = (place: string, day: string, opens: string, closes: string, status = 'planned') =>
  work('stop', { area: '10441', place, day, opens, closes, status });

const ALL = stopsOf([
  stop('Chiều', '2026-11-22', '13:30', '16:30'),
  stop('Sáng', '2026-11-22', '08:00', '11:30'),
  stop('Hôm qua', '2026-11-21', '08:00', '11:30'),
  stop('Mai', '2026-11-23', '08:00', '11:30'),
  stop('Thôi', '2026-11-22', '08:00', '11:30', 'cancelled'),
  work('stop', { area: '10441', day: '2026-11-22' }),
  work('trip', { title: 'Mỹ Đức', day: '2026-11-22' }),
]);

it('offers those of today and of the next days, in their order', () => {
  expect(stopsToChoose(ALL, '2026-11-22', '2026-11-29').map(({ place }) => place)).toEqual(['Sáng', 'Chiều', 'Mai']);
});

it.each([
  ['07:00', null, 'Sáng'],
  ['07:00', 'Sáng', 'Chiều'],
  ['12:00', null, 'Chiều'],
  ['20:00', null, 'Mai'],
])('at %s, being at %s, the next is %s', (time, at, next) => {
  const current = ALL.find(({ place }) => place === at)?.record ?? null;

  expect(nextStop(ALL, { day: '2026-11-22', time }, current)?.place).toBe(next);
});

it('has none after the last', () => {
  expect(nextStop(ALL, { day: '2026-11-24', time: '08:00' }, null)).toBeNull();
});
