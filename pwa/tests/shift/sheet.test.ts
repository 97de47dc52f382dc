/** Originals in custody (A17), and the sheet that counts them with everything else. */
import { describe, expect, it } from 'vitest';
import { originalsOf, stillHere } from '../../src/shift/originals';
import { COUNTS, openEnds, sheetOf } from '../../src/shift/sheet';
import { fits } from '../../src/sync/kinds';
import { work } from './making';

const STOP = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);
const original = (paper: string, taken_at: string, more = {}) => work('custody', { paper, count: 1, status: 'held', taken_at, ...more });
const dossier = (stop: string, more = {}) => ({ record: '', stop, papers: 3, hasCode: true, fee: 8_000, ...more });
const ticket = (status: string, stop = STOP) => work('queue_ticket', { stop, day: '2026-11-22', number: 'C1', status });
const result = (status: string) => work('result_delivery', { title: 'Giấy khai sinh', status });
const NOTHING_LEFT = { unsent: 0, photos: 0, drafts: 0 };

describe('originals', () => {
  it('are here until somebody surely gave them back; the oldest is named first', () => {
    const all = [
      original('Sổ hộ khẩu', '2026-11-22T09:00:00+07:00'),
      original('Giấy khai sinh', '2026-11-22T08:00:00+07:00'),
      original('Sổ đỏ', '2026-11-22T07:00:00+07:00', { status: 'returned', returned_at: '2026-11-22T10:00:00+07:00' }),
      original('Bằng', '2026-11-22T10:00:00+07:00', { status: 'lost', count: 0 }),
    ];

    expect(stillHere(all).map(({ paper, count }) => [paper, count])).toEqual([['Giấy khai sinh', 1], ['Sổ hộ khẩu', 1], ['Bằng', 1]]);
    expect(originalsOf(all).at(-1)).toMatchObject({ paper: 'Sổ đỏ', takenBy: 'Nguyễn Văn An', returnedBy: 'Nguyễn Văn An' });
  });
});

describe('the sheet of a shift', () => {
  const sheet = sheetOf(
    STOP,
    [dossier(STOP), dossier(STOP, { hasCode: false, fee: 0 }), dossier(OTHER)],
    [ticket('done'), ticket('waiting'), ticket('skipped'), ticket('left'), ticket('done', OTHER), original('Sổ', '', { count: 2 }), result('taken'), result('uncollected'), result('ready')],
    { unsent: 4, photos: 7, drafts: 1 },
  );

  it('counts what belongs to the stop, and whatever is still with us', () => {
    expect(sheet).toEqual({
      dossiers: 2, papers: 6, codes: 1, fees: 8_000, custody: 2, unsent: 4, photos: 7, drafts: 1, tickets: 1, waiting: 2,
      results: 2,
    });
    expect(openEnds(sheet)).toEqual(['custody', 'results', 'drafts', 'waiting', 'unsent', 'photos']);
  });

  it('has no open end when all is done', () => {
    expect(openEnds(sheetOf(STOP, [dossier(STOP)], [ticket('done')], NOTHING_LEFT))).toEqual([]);
  });

  it('fits its record', () => {
    expect(COUNTS.every((field) => fits('handover', field, sheet[field]))).toBe(true);
  });
});
