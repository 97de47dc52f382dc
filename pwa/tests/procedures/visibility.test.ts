import { describe, expect, it } from 'vitest';
import { findField } from '../../src/procedures/catalogue';
import { isGroupVisible, isVisible, questionsOf, visiblePapers } from '../../src/procedures/visibility';
import { procedureOf } from './filling';

const death = procedureOf('2.002913');
const copies = procedureOf('2.000815');

function shows(code: string, field: string, answers: Record<string, string | number | boolean>): boolean {
  const procedure = procedureOf(code);
  const found = findField(procedure, field);
  if (found === null) throw new Error(field);
  return isVisible(procedure, found, answers, null);
}

describe('a question', () => {
  it('that depends on none is always there', () => {
    expect(shows('1.001193', 'child_full_name', {})).toBe(true);
  });

  it('waits for the answer that it depends on, also for “not”', () => {
    expect(shows('2.002913', 'payee_full_name', {})).toBe(false);
    expect(shows('2.002913', 'payee_full_name', { 'answers.benefit_scheme': 'none' })).toBe(false);
    expect(shows('2.002913', 'payee_full_name', { 'answers.benefit_scheme': 'social_insurance' })).toBe(true);
  });

  it('hides with the question that it depends on, whatever was answered there', () => {
    const answers = { 'answers.payment_method': 'bank', 'answers.benefit_scheme': 'social_insurance' };

    expect(shows('2.002913', 'bank_name', answers)).toBe(true);
    expect(shows('2.002913', 'bank_name', { ...answers, 'answers.benefit_scheme': 'none' })).toBe(false);
  });

  it('knows greater-than', () => {
    expect(shows('1.000894', 'man_previous_marriage_end', { 'answers.man_marriage_order': 1 })).toBe(false);
    expect(shows('1.000894', 'man_previous_marriage_end', { 'answers.man_marriage_order': 2 })).toBe(true);
  });

  it('leans on a field of the common groups', () => {
    expect(shows('1.003583', 'read_back_done', { 'answers.can_read_write': false })).toBe(true);
    expect(shows('1.003583', 'read_back_done', { 'answers.can_read_write': true })).toBe(false);
  });

  it('of a row looks at its own row', () => {
    const group = copies.groups.find((each) => each.id === 'originals');
    if (group === undefined) throw new Error('no originals');
    const answers = {
      'answers.originals.a.at': 0, 'answers.originals.a.is_foreign': true,
      'answers.originals.b.at': 1, 'answers.originals.b.is_foreign': false,
    };

    const names = questionsOf(copies, group, answers).map((question) => question.name);
    expect(names).toContain('answers.originals.a.consular_legalized');
    expect(names).not.toContain('answers.originals.b.consular_legalized');
  });
});

describe('a group', () => {
  it('comes with its own condition', () => {
    const principal = death.groups.find((each) => each.id === 'authorization');
    if (principal === undefined) throw new Error('no authorization');

    expect(isGroupVisible(death, principal, { 'answers.applicant_kind': 'self' })).toBe(false);
    expect(isGroupVisible(death, principal, { 'answers.applicant_kind': 'authorized' })).toBe(true);
  });
});

describe('a paper', () => {
  it('follows all and any', () => {
    const birth = procedureOf('1.001193');
    const papers = (answers: Record<string, string>): string[] => visiblePapers(birth, answers).map((paper) => paper.id);

    expect(papers({ 'answers.applicant_kind': 'authorized', 'answers.requester_relation': 'grandparent' })).not.toContain('authorization_letter');
    expect(papers({ 'answers.applicant_kind': 'authorized', 'answers.requester_relation': 'carer' })).toContain('authorization_letter');
  });
});
