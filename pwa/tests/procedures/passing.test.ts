import { describe, expect, it } from 'vitest';
import type { Answers } from '../../src/procedures/answers';
import {
  PASSED, letPass, openWarnings, passOf, passedIn, passedToSeal, withoutStale, type Given,
} from '../../src/procedures/passing';
import { tasksOf } from '../../src/procedures/tasks';
import { warningsOf } from '../../src/procedures/warnings';
import { TODAY, filled, procedureOf } from './filling';

const EXTRACT = procedureOf('2.000635');
const NUMBER = 'answers.applicant_personal_id';
const BORN = 'answers.applicant_date_of_birth';
const GIVEN: Given = { reason: 'on_paper', words: '', by: 'Nguyễn Văn An', at: '2026-11-22T09:00:00+07:00' };

/** Her number says 1990 and female. */
const ODD: Answers = filled(EXTRACT, {
  [NUMBER]: '001190000123', [BORN]: '1991-01-01', 'answers.applicant_gender': 'female',
  'answers.subject_personal_id': null,
});

function passed(answers: Answers, given: Given | null = GIVEN): Answers {
  return { ...answers, ...letPass(NUMBER, warningsOf(EXTRACT, answers), given, answers) };
}

describe('UX-35: an odd answer', () => {
  it('waits for a reason, and passes with it', () => {
    expect(openWarnings(EXTRACT, ODD).map(({ code }) => code)).toEqual(['id-other-year']);
    const before = tasksOf(EXTRACT, ODD, {}, TODAY);
    expect(before.sections[0]?.state).toBe('odd');

    const answers = passed(ODD);
    expect(openWarnings(EXTRACT, answers)).toEqual([]);
    expect(warningsOf(EXTRACT, answers)).toHaveLength(1);
    expect(tasksOf(EXTRACT, answers, {}, TODAY).left).toBe(before.left - 1);
    expect(openWarnings(EXTRACT, passed(answers, null))).toHaveLength(1);
  });

  it('needs words where the reason is another one', () => {
    const begun = passed(ODD, { ...GIVEN, reason: 'other', words: '  ' });
    expect(openWarnings(EXTRACT, begun)).toHaveLength(1);
    expect(passOf(NUMBER, begun)?.reason).toBe('other');
    expect(passedToSeal(EXTRACT, begun)).toEqual({});

    const said = passed(ODD, { ...GIVEN, reason: 'other', words: ' Khai lại năm 1991 ' });
    expect(openWarnings(EXTRACT, said)).toEqual([]);
    expect(passedIn(passedToSeal(EXTRACT, said)[PASSED])[0]?.words).toBe('Khai lại năm 1991');
  });

  it('asks anew for what is odd besides', () => {
    const answers = { ...passed(ODD), 'answers.applicant_gender': 'male' };

    expect(openWarnings(EXTRACT, answers).map(({ code }) => code)).toEqual(['id-other-gender']);
  });

  it('loses its reason with an edit of either answer, and of no other', () => {
    const answers = passed(ODD);

    expect(withoutStale(answers, { [BORN]: '1992' })).toEqual({ [PASSED]: [] });
    expect(withoutStale(answers, { [NUMBER]: '001190000124' })).toEqual({ [PASSED]: [] });
    expect(withoutStale(answers, { [BORN]: '1991-01-01', 'answers.applicant_phone': '0912345678' })).toEqual({});
  });

  it('is sealed with its reason while it is odd', () => {
    expect(passedToSeal(EXTRACT, passed(ODD))).toEqual({
      [PASSED]: [{ name: NUMBER, beside: [BORN], codes: ['id-other-year'], ...GIVEN }],
    });
    expect(passedToSeal(EXTRACT, { ...passed(ODD), [BORN]: '1990-01-01' })).toEqual({});
  });

  it('is read from any shape that somebody may have sealed', () => {
    for (const value of [null, 7, 'x', {}, [7], [{ name: 1 }], [{ name: 'a', reason: 'nonsense', by: '', at: '' }]]) {
      expect(passedIn(value)).toEqual([]);
    }
  });
});
