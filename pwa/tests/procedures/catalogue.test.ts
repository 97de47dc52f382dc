import { describe, expect, it } from 'vitest';
import { nameOf, presetRow, type Row } from '../../src/procedures/answers';
import { problemsOf } from '../../src/procedures/checks';
import { papersOf, unmarkedPapers, type Papers } from '../../src/procedures/papers';
import { answersToSeal } from '../../src/procedures/sealing';
import { tasksOf } from '../../src/procedures/tasks';
import { isGroupVisible, isVisible, visiblePapers } from '../../src/procedures/visibility';
import { catalogue, filled, procedureOf, satisfying, TODAY } from './filling';

const ROW = '00000000-0000-4000-8000-000000000000';

describe('the catalogue', () => {
  it('holds the eighteen procedures', () => {
    expect(catalogue.procedures).toHaveLength(18);
  });

  it.each([['2.000815', 'originals'], ['2.000884', 'signers'], ['1.013980', 'co_owners']])(
    '%s cannot be sealed with nobody and nothing in its %s', (code, group) => {
      const problems = problemsOf(procedureOf(code), {}, TODAY);

      expect(problems).toContainEqual(expect.objectContaining({ name: `answers.${group}`, code: 'too-few-rows', bound: 1 }));
    });
});

describe.each(catalogue.procedures.map((procedure) => [procedure.code, procedure] as const))('%s', (_code, procedure) => {
  it('can be filled in and sealed', () => {
    const answers = filled(procedure, {});
    const papers: Papers = Object.fromEntries(
      papersOf(procedure, answers).needed.map((paper) => [paper.id, { state: 'handed_in', count: 1 }]));

    expect(problemsOf(procedure, answers, TODAY)).toEqual([]);
    expect(unmarkedPapers(procedure, answers, papers)).toEqual([]);
    expect(tasksOf(procedure, answers, papers, TODAY).left).toBe(0);
  });

  it('shows every question to some answers, and can be filled in then', () => {
    for (const group of procedure.groups) {
      const row: Row | null = group.repeat === null ? null : { group: group.id, id: ROW };
      for (const field of group.fields) {
        const begun = {
          ...(row === null ? {} : presetRow(group, row, {})),
          ...satisfying(procedure, group.showIf, row),
          ...satisfying(procedure, field.showIf, row),
        };
        const answers = filled(procedure, begun);

        expect(isGroupVisible(procedure, group, answers), group.id).toBe(true);
        expect(isVisible(procedure, field, answers, row), field.id).toBe(true);
        expect(problemsOf(procedure, answers, TODAY), field.id).toEqual([]);
        const sealed = answersToSeal(procedure, answers);
        expect(Object.keys(sealed), field.id).toContain(nameOf(field.id, row));
      }
    }
  });

  it('asks for every paper in some case', () => {
    for (const paper of procedure.papers) {
      const answers = filled(procedure, satisfying(procedure, paper.showIf, null));

      expect(visiblePapers(procedure, answers).map((each) => each.id)).toContain(paper.id);
    }
  });

  it('says what is missing in an empty form', () => {
    const tasks = tasksOf(procedure, {}, {}, TODAY);

    expect(tasks.left).toBeGreaterThan(0);
    expect(problemsOf(procedure, {}, TODAY).every((problem) => problem.code === 'required' || problem.code === 'too-few-rows')).toBe(true);
  });
});
