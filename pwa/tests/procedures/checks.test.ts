import { describe, expect, it } from 'vitest';
import type { Answers } from '../../src/procedures/answers';
import { problemsOf } from '../../src/procedures/checks';
import { normalise } from '../../src/procedures/normal';
import { findField } from '../../src/procedures/catalogue';
import { filled, procedureOf, TODAY } from './filling';
import type { Value } from '../../src/sync/pack';

function codesFor(code: string, field: string, value: Value, begun: Answers = {}): string[] {
  const procedure = procedureOf(code);
  const answers = { ...filled(procedure, begun), [`answers.${field}`]: value };
  return problemsOf(procedure, answers, TODAY).filter((problem) => problem.name === `answers.${field}`).map((problem) => problem.code);
}

describe('checks', () => {
  it.each<[string, string, Value, string[]]>([
    ['1.001193', 'child_full_name', '   ', ['required']],
    ['1.001193', 'child_full_name', 'Ô', []],
    ['1.001193', 'child_full_name', 'x'.repeat(501), ['too-long']],
    ['1.001193', 'child_date_of_birth', '2026-11-22', []],
    ['1.001193', 'child_date_of_birth', '2026-11-23', ['date-in-future']],
    ['1.001193', 'child_date_of_birth', '2026-11', ['incomplete-date']],
    ['1.001193', 'child_date_of_birth', '31/2/2026', ['not-a-date']],
    ['1.001193', 'child_date_of_birth', '5//', ['incomplete-date']],
    ['1.001193', 'child_date_of_birth', '1026-11-05', ['year-too-early']],
    ['1.001193', 'mother_date_of_birth', '1952', []],
    ['1.001193', 'mother_date_of_birth', '1952-07', []],
    ['1.001193', 'applicant_personal_id', '001 190 000 123', []],
    ['1.001193', 'applicant_personal_id', '123456789', []],
    ['1.001193', 'applicant_personal_id', 'Hộ chiếu C1234567', []],
    ['1.001193', 'applicant_personal_id', '00119000012', ['not-a-personal-id']],
    ['1.001193', 'applicant_phone', '+84 912 345 678', []],
    ['1.001193', 'applicant_phone', '024 38251234', []],
    ['1.001193', 'applicant_phone', '0112', ['not-a-phone']],
    ['1.001193', 'applicant_email', 'lan@', ['not-an-email']],
    ['1.001193', 'parents_married', 'perhaps', ['not-a-choice']],
    ['1.001193', 'father_declared', 'true', ['required']],
  ])('%s %s = %j: %j', (code, field, value, expected) => {
    expect(codesFor(code, field, value)).toEqual(expected);
  });

  it.each<[Value, string[]]>([
    [1, []], [20, []], [0, ['too-small']], [21, ['too-large']], ['hai', ['not-a-number']], ['1,5', ['whole-number']], ['3', []],
  ])('a number of copies %j: %j', (value, expected) => {
    expect(codesFor('1.001193', 'copy_count', value, { 'answers.copies_requested': true })).toEqual(expected);
  });

  it('takes no other paper where only the number will do', () => {
    expect(codesFor('1.001193', 'principal_personal_id', '123456789', { 'answers.applicant_kind': 'authorized' })).toEqual(['not-a-personal-id']);
  });

  it('asks for nothing that is not shown', () => {
    const procedure = procedureOf('1.001193');
    const answers = { ...filled(procedure, { 'answers.birth_place_kind': 'medical_facility' }), 'answers.birth_place_address': null };

    expect(problemsOf(procedure, answers, TODAY)).toEqual([]);
  });

  it('counts rows', () => {
    const poor = procedureOf('1.011607');

    expect(problemsOf(poor, {}, TODAY).map((problem) => problem.code)).toContain('too-few-rows');
  });

  it('knows hours and a pattern', () => {
    expect(codesFor('1.000656', 'death_time', '24:00')).toEqual(['not-a-time']);
    expect(codesFor('1.000656', 'death_time', '9h07')).toEqual([]);
    expect(codesFor('2.002913', 'social_insurance_number', '12', { 'answers.benefit_scheme': 'social_insurance' })).toEqual(['wrong-pattern']);
  });
});

describe('normal forms', () => {
  const area = findField(procedureOf('1.013980'), 'plot_area_m2');
  it.each<[string, Value]>([['120,5', '120.5'], ['1.250,75', '1250.75'], ['1.250', 1250], ['85.5', '85.5'], ['120', 120], ['rộng', 'rộng']])(
    'an area of %s is kept as %j', (typed, kept) => {
      if (area === null) throw new Error('no area');
      expect(normalise(area, typed)).toBe(kept);
    });

  it('keeps text composed, without spaces around it', () => {
    const name = findField(procedureOf('1.001193'), 'child_full_name');
    if (name === null) throw new Error('no name');

    expect(normalise(name, '  Nguyễn  Hoà '.normalize('NFD'))).toBe('Nguyễn Hoà');
  });
});
