import { describe, expect, it } from 'vitest';
import type { Answers } from '../../src/procedures/answers';
import { problemsOf } from '../../src/procedures/checks';
import { PASSED, passedIn, passedToSeal, withoutStale, type Given } from '../../src/procedures/passing';
import { prospectOf } from '../../src/procedures/promise';
import { skip, skippedIn } from '../../src/procedures/skipping';
import { TODAY, filled, procedureOf } from './filling';

const EXTRACT = procedureOf('2.000635');
const NUMBER = 'answers.applicant_personal_id';
const GIVEN: Given = { reason: 'unknown', words: '', by: 'Nguyễn Văn An', at: '2026-11-22T09:00:00+07:00' };

/** She has left her card at home. */
const OPEN: Answers = filled(EXTRACT, { [NUMBER]: null });

function skipped(given: Given | null = GIVEN): Answers {
  return { ...OPEN, ...skip(NUMBER, given, OPEN) };
}

describe('UX-35: a question that nobody can answer now', () => {
  it('bars until it has a reason', () => {
    expect(problemsOf(EXTRACT, OPEN, TODAY).map(({ name }) => name)).toEqual([NUMBER]);

    expect(problemsOf(EXTRACT, skipped(), TODAY)).toEqual([]);
    expect(skippedIn(skipped())).toEqual([NUMBER]);
    expect(problemsOf(EXTRACT, { ...skipped(), ...skip(NUMBER, null, skipped()) }, TODAY)).toHaveLength(1);
  });

  it('needs words where the reason is another one', () => {
    const begun = skipped({ ...GIVEN, reason: 'other' });
    expect(problemsOf(EXTRACT, begun, TODAY)).toHaveLength(1);

    expect(problemsOf(EXTRACT, skipped({ ...GIVEN, reason: 'other', words: 'Thẻ ở nhà' }), TODAY)).toEqual([]);
  });

  it('loses its reason when it is answered', () => {
    expect(withoutStale(skipped(), { [NUMBER]: '001190000123' })).toEqual({ [PASSED]: [] });
  });

  it('is sealed with its reason while it is open, and no more once it is not asked', () => {
    const sealed = passedToSeal(EXTRACT, skipped());

    expect(passedIn(sealed[PASSED])).toEqual([{ name: NUMBER, beside: [], codes: ['unanswered'], ...GIVEN }]);
    expect(passedToSeal(EXTRACT, { ...skipped(), [NUMBER]: '001190000123' })).toEqual({});
    const other = { ...OPEN, ...skip('answers.organization_name', GIVEN, OPEN) };
    expect(passedToSeal(EXTRACT, other)).toEqual({});
  });

  it('makes a dossier that is not complete: nothing is promised', () => {
    const reception = {
      procedure: EXTRACT, answers: skipped(), papers: {}, flags: [], calendar: null,
      role: 'receiving_officer', acknowledgeOnly: false,
    };

    expect(prospectOf(reception, 0)).toEqual({ kind: 'none', why: 'incomplete' });
    expect(prospectOf({ ...reception, answers: OPEN }, 0)).toEqual({ kind: 'none', why: 'no-calendar' });
  });
});
