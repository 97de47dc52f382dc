import { describe, expect, it } from 'vitest';
import { answersToSeal, revisedFields } from '../../src/procedures/sealing';
import { papersToSeal } from '../../src/procedures/papers';
import { rowsOf } from '../../src/procedures/answers';
import { filled, procedureOf } from './filling';

const birth = procedureOf('1.001193');

describe('sealing', () => {
  it('leaves out what is hidden or blank, and keeps the rest in normal form', () => {
    const sealed = answersToSeal(birth, {
      'answers.birth_place_kind': 'home_or_other', 'answers.birth_facility_name': 'Trạm y tế',
      'answers.child_full_name': ' Nguyễn Minh ', 'answers.applicant_phone': '+84 912 345 678', 'answers.mother_residence': '',
    });

    expect(sealed).toEqual({
      'answers.birth_place_kind': 'home_or_other', 'answers.child_full_name': 'Nguyễn Minh', 'answers.applicant_phone': '0912345678',
    });
  });

  it('writes the date in words beside the date', () => {
    const sealed = answersToSeal(birth, { 'answers.child_date_of_birth': '2026-11-05' });

    expect(sealed['answers.child_dob_words']).toBe('Ngày mùng năm, tháng mười một, năm hai nghìn không trăm hai mươi sáu');
  });

  it('numbers rows anew and leaves removed ones out', () => {
    const poor = procedureOf('1.011607');
    const sealed = answersToSeal(poor, {
      'answers.members.b.at': 4, 'answers.members.b.member_full_name': 'Bình',
      'answers.members.a.at': 2, 'answers.members.a.member_full_name': 'An', 'answers.members.a.removed': true,
    });

    expect(sealed).toEqual({ 'answers.members.b.at': 0, 'answers.members.b.member_full_name': 'Bình' });
  });

  it('takes only papers that are still asked for', () => {
    const papers = papersToSeal(birth, { 'answers.birth_proof_kind': 'witness' }, {
      birth_notice: { state: 'handed_in', count: 1 }, birth_witness_statement: { state: 'handed_in', count: 1 },
    });

    expect(Object.keys(papers)).toEqual(['birth_witness_statement']);
  });
});

describe('a revision', () => {
  const before = answersToSeal(birth, filled(birth, { 'answers.birth_place_kind': 'medical_facility' }));

  it('of nothing changes nothing', () => {
    expect(revisedFields(birth, before, before)).toEqual({});
  });

  it('carries only what differs, and what follows from it', () => {
    const changed = revisedFields(birth, before, { ...before, 'answers.child_date_of_birth': '2020-05-16' });

    expect(changed).toEqual({
      'answers.child_date_of_birth': '2020-05-16',
      'answers.child_dob_words': 'Ngày mười sáu, tháng năm, năm hai nghìn không trăm hai mươi',
    });
  });

  it('empties what is no longer shown', () => {
    const changed = revisedFields(birth, before, { ...before, 'answers.birth_place_kind': 'home_or_other', 'answers.birth_place_address': 'Bản Suối' });

    expect(changed).toEqual({
      'answers.birth_place_kind': 'home_or_other', 'answers.birth_place_address': 'Bản Suối', 'answers.birth_facility_name': null,
    });
  });

  it('marks a row as removed and keeps its past', () => {
    const poor = procedureOf('1.011607');
    const members = answersToSeal(poor, filled(poor, {}));
    const row = rowsOf('members', members)[0];

    const changed = revisedFields(poor, members, { ...members, [`answers.members.${row?.id ?? ''}.removed`]: true });

    expect(changed).toEqual({ [`answers.members.${row?.id ?? ''}.removed`]: true });
  });
});
