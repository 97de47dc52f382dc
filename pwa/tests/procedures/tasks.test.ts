import { describe, expect, it } from 'vitest';
import { presetAnswers } from '../../src/procedures/answers';
import { feeOf, feePerCopy } from '../../src/procedures/fees';
import { papersOf, unmarkedPapers } from '../../src/procedures/papers';
import { tasksOf } from '../../src/procedures/tasks';
import { warningsOf } from '../../src/procedures/warnings';
import { filled, procedureOf, TODAY } from './filling';

const birth = procedureOf('1.001193');

function stateOf(group: string, answers: Parameters<typeof tasksOf>[1]): string | undefined {
  return tasksOf(birth, answers, {}, TODAY).sections.find((task) => task.group.id === group)?.state;
}

describe('the task list', () => {
  const fresh = presetAnswers(birth);

  it('does not take the catalogue’s defaults for work done', () => {
    expect(stateOf('applicant', fresh)).toBe('todo');
    expect(stateOf('father', fresh)).toBe('optional');
  });

  it('names what is missing when little is', () => {
    const answers = { ...fresh, 'answers.applicant_full_name': 'Lan' };

    expect(stateOf('applicant', answers)).toBe('missing');
    expect(stateOf('child', { ...fresh, 'answers.child_full_name': 'Minh' })).toBe('doing');
    expect(stateOf('applicant', filled(birth, {}))).toBe('done');
  });

  it('counts sections and papers', () => {
    const done = filled(birth, {});

    expect(tasksOf(birth, done, {}, TODAY).left).toBe(1);
  });
});

describe('papers', () => {
  it('are enough with one of the alternatives that the answers leave', () => {
    const answers = { 'answers.birth_proof_kind': 'paper' };
    const needed = papersOf(birth, answers).needed.map((paper) => paper.id);

    expect(needed).toEqual(['birth_declaration', 'birth_notice', 'id_paper']);
    expect(unmarkedPapers(birth, answers, { birth_notice: { state: 'handed_in', count: 1 } }).map((paper) => paper.id))
      .toEqual(['birth_declaration', 'id_paper']);
  });
});

describe('fees', () => {
  it('are free, fixed, by page or unknown', () => {
    expect(feeOf(birth)).toEqual({ kind: 'free' });
    expect(feeOf(procedureOf('2.000635'))).toEqual({ kind: 'fixed', vnd: 8000, unit: 'copy' });
    expect(feeOf(procedureOf('1.013980'))).toEqual({ kind: 'unknown' });
    const fee = feeOf(procedureOf('2.000815'));
    if (fee.kind !== 'by-page') throw new Error(fee.kind);
    expect([5, 1, 300].map((pages) => feePerCopy(fee.formula, pages))).toEqual([7000, 2000, 200000]);
  });
});

describe('odd answers', () => {
  it('are said: another year or gender in the number, an old number', () => {
    const codes = (answers: Parameters<typeof warningsOf>[1]): string[] => warningsOf(birth, answers).map((warning) => warning.code);
    const id = { 'answers.applicant_personal_id': '001190000123' };

    expect(codes({ ...id, 'answers.applicant_date_of_birth': '1990', 'answers.applicant_gender': 'female' })).toEqual([]);
    expect(codes({ ...id, 'answers.applicant_date_of_birth': '1991-02', 'answers.applicant_gender': 'male' })).toEqual(['id-other-year', 'id-other-gender']);
    expect(codes({ 'answers.applicant_personal_id': '123456789' })).toEqual(['old-personal-id']);
  });
});
