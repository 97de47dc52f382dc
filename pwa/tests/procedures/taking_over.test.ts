import { describe, expect, it } from 'vitest';
import { isBlank, type Answers } from '../../src/procedures/answers';
import { problemsOf } from '../../src/procedures/checks';
import { originsOf, withEdits } from '../../src/procedures/origins';
import { answersToSeal } from '../../src/procedures/sealing';
import { lookedAt, startWith, takenIn, unseenGroups } from '../../src/procedures/taking_over';
import { tasksOf } from '../../src/procedures/tasks';
import { TODAY, catalogue, filled, procedureOf } from './filling';

const LAN: Answers = {
  'answers.applicant_kind': 'self', 'answers.applicant_full_name': 'Bùi Thị Lan',
  'answers.applicant_personal_id': '001190000123', 'answers.applicant_gender': 'female',
  'answers.applicant_date_of_birth': '1990-01-01', 'answers.applicant_address': 'Thôn Đồi Dùng, xã Mỹ Đức',
  'answers.applicant_phone': '0912345678', 'answers.notify_channel': 'call', 'answers.can_read_write': false,
};
const ROW = '00000000-0000-4000-8000-000000000007';

function begun(from: string, to: string, answers: Answers): Answers {
  return startWith(procedureOf(to), { procedure: from, answers }, TODAY);
}

function namesTaken(answers: Answers): string[] {
  return [...originsOf(answers)].filter(([, origin]) => origin === 'dossier').map(([name]) => name);
}

const PAIRS = catalogue.procedures.flatMap((from) => catalogue.procedures.map((to) => [from, to] as const));

describe('UX-33: the same person with another matter', () => {
  it('is known to all 18 procedures, whichever came first', () => {
    expect(catalogue.procedures).toHaveLength(18);
    for (const [from, to] of PAIRS) {
      const sealed = answersToSeal(from, filled(from, LAN));

      const answers = startWith(to, { procedure: from.code, answers: sealed }, TODAY);

      for (const [name, value] of Object.entries(LAN)) {
        expect(answers[name], `${from.code} to ${to.code}: ${name}`).toEqual(value);
      }
    }
  });

  it('marks what was taken over, and nothing else; none of it is wrong where it comes', () => {
    for (const [from, to] of PAIRS) {
      const sealed = answersToSeal(from, filled(from, LAN));
      const answers = startWith(to, { procedure: from.code, answers: sealed }, TODAY);
      const taken = namesTaken(answers);
      const wrong = problemsOf(to, answers, TODAY).filter(({ code }) => code !== 'required' && code !== 'too-few-rows');

      expect(taken.every((name) => !isBlank(answers[name]))).toBe(true);
      expect(wrong.map(({ name }) => name), `${from.code} to ${to.code}`).toEqual([]);
    }
  });

  it('never takes over a signature, a notice, a consent or a paper', () => {
    for (const [from, to] of PAIRS) {
      const stood = {
        'intake.signing': { way: 'drawn', witnesses: [] }, 'intake.notice': { by: 'An', at: 'x' },
        'intake.card_read': ['answers.applicant_full_name'], 'papers.ct01': { state: 'handed_in', count: 1 },
        'original_check.ct01': { by: 'An', at: 'x' },
      };
      const sealed = { ...answersToSeal(from, filled(from, LAN)), ...stood };
      const answers = startWith(to, { procedure: from.code, answers: sealed }, TODAY);
      const others = Object.keys(answers).filter((name) => !name.startsWith('answers.'));

      expect(others).toEqual(['intake.taken_over']);
      expect(namesTaken(answers).filter((name) => /privacy|consent|confirmed|read_back|_paper|helper/u.test(name)))
        .toEqual([]);
    }
  });

  it('is the declarant of a household', () => {
    expect(begun('2.000635', '1.004222', LAN)).toMatchObject({
      'answers.declarant_full_name': 'Bùi Thị Lan', 'answers.declarant_personal_id': '001190000123',
      'answers.declarant_date_of_birth': '1990-01-01', 'answers.declarant_phone': '0912345678',
    });
    const authorized = begun('2.000635', '1.004222', { ...LAN, 'answers.applicant_kind': 'authorized' });
    expect(authorized['answers.declarant_full_name']).toBeUndefined();
  });

  it('is asked for the birthday once: what the mother said of herself holds for who hands in', () => {
    const said = {
      ...LAN, 'answers.applicant_date_of_birth': null, 'answers.mother_personal_id': '001190000123',
      'answers.mother_date_of_birth': '1990-01-01',
    };

    expect(begun('1.001193', '1.004222', said)['answers.declarant_date_of_birth']).toBe('1990-01-01');
  });

  it('takes over the dead of a death for the funeral\'s aid, and a household with its rows', () => {
    const dead = { 'answers.deceased_full_name': 'Bùi Văn Sửu', 'answers.deceased_personal_id': '001040000123' };
    expect(begun('1.000656', '1.001731', { ...LAN, ...dead })).toMatchObject(dead);

    const row = `answers.members.${ROW}`;
    const members = {
      [`${row}.at`]: 0, [`${row}.member_full_name`]: 'Bùi Minh', [`${row}.member_relation_to_head`]: 'con',
      'answers.members.gone.at': 1, 'answers.members.gone.member_full_name': 'Ai', 'answers.members.gone.removed': true,
    };
    const answers = begun('1.004222', '1.011607', { ...LAN, ...members });
    expect(answers).toMatchObject({ [`${row}.at`]: 0, [`${row}.member_full_name`]: 'Bùi Minh' });
    expect(answers[`${row}.member_relation_to_head`]).toBeUndefined();
    expect(Object.keys(answers).some((name) => name.includes('gone'))).toBe(false);
  });

  it('leaves open whom the same procedure is about', () => {
    const said = { ...LAN, 'answers.subject_full_name': 'Bùi Minh', 'answers.subject_personal_id': '001217000456' };

    expect(begun('2.000635', '1.004873', said)['answers.subject_full_name']).toBe('Bùi Minh');
    expect(begun('2.000635', '2.000635', said)['answers.subject_full_name']).toBeUndefined();
  });

  it('is looked at section by section before it counts as done', () => {
    const procedure = procedureOf('2.000635');
    const whole = filled(procedure, begun('1.004222', '2.000635', LAN));
    const applicant = procedure.groups.find(({ id }) => id === 'applicant');
    if (applicant === undefined) throw new Error('no applicant');
    expect(unseenGroups(procedure, whole).map(({ id }) => id)).toEqual(['applicant', 'delivery', 'assistance']);
    const before = tasksOf(procedure, whole, {}, TODAY);
    expect(before.sections.find(({ group }) => group === applicant)?.state).toBe('look');

    const looked = { ...whole, ...lookedAt(applicant, whole) };
    expect(unseenGroups(procedure, looked).map(({ id }) => id)).toEqual(['delivery', 'assistance']);
    const after = tasksOf(procedure, looked, {}, TODAY);
    expect(after.sections.find(({ group }) => group === applicant)?.state).toBe('done');
    expect(after.left).toBe(before.left - 1);
  });

  it('is no longer taken over once it was typed anew', () => {
    const procedure = procedureOf('2.000635');
    const answers = begun('1.004222', '2.000635', { 'answers.applicant_full_name': 'Lan' });
    const edited = withEdits(answers, { 'answers.applicant_full_name': 'Lan Anh' });
    const applicant = procedure.groups[0];
    if (applicant === undefined) throw new Error('no applicant');

    expect(takenIn(procedure, applicant, answers)).toEqual(['answers.applicant_full_name']);
    expect(takenIn(procedure, applicant, edited)).toEqual([]);
    expect(unseenGroups(procedure, edited)).toEqual([]);
  });
});
