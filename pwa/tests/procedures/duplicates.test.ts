import { describe, expect, it } from 'vitest';
import type { Answers } from '../../src/procedures/answers';
import { TakenBefore, anotherMatter, isAnotherMatter, type Taken } from '../../src/procedures/duplicates';
import { answersToSeal } from '../../src/procedures/sealing';
import { isClosed } from '../../src/sync/kinds';
import type { Value } from '../../src/sync/pack';
import { filled, procedureOf } from './filling';

const BIRTH = '1.001193';
const LAN: Answers = {
  'answers.applicant_full_name': 'Bùi Thị Lan', 'answers.applicant_personal_id': '001190000123',
  'answers.applicant_date_of_birth': '1990-01-01',
};
const MINH: Answers = { 'answers.child_full_name': 'Bùi Minh', 'answers.child_date_of_birth': '2026-11-02' };

/** A dossier that counts how often it is read. */
class Counted implements Taken {
  reads = 0;
  constructor(readonly record: string, readonly procedure: string, readonly answers: Answers) {}
  valueOf(name: string): Value | undefined {
    this.reads += 1;
    return this.answers[name];
  }
}

function alike(before: Answers, answers: Answers, procedures: readonly [string, string] = [BIRTH, BIRTH]): boolean {
  return new TakenBefore([new Counted('r', procedures[0], before)]).alike(procedures[1], answers).length === 1;
}

describe('a dossier like another that is open', () => {
  it('is of the same number, however it was typed', () => {
    expect(alike(LAN, { 'answers.applicant_personal_id': '001 190 000 123' })).toBe(true);
    expect(alike(LAN, { ...LAN, 'answers.applicant_personal_id': '001190000124' })).toBe(false);
    expect(alike({}, {})).toBe(false);
  });

  it('is of the same name without tone marks and birthday, where a number is missing', () => {
    const typed = { 'answers.applicant_full_name': 'BUI THI  LAN', 'answers.applicant_date_of_birth': '1990-01-01' };

    expect(alike(LAN, typed)).toBe(true);
    expect(alike(LAN, { ...typed, 'answers.applicant_date_of_birth': '1991-01-01' })).toBe(false);
    expect(alike(LAN, { 'answers.applicant_full_name': 'Bùi Thị Lan' })).toBe(false);
  });

  it('is of the same procedure', () => {
    expect(alike(LAN, LAN, [BIRTH, '2.000635'])).toBe(false);
  });

  it('is about the same child, whoever of its parents comes; her second child is another matter', () => {
    const father = { 'answers.applicant_full_name': 'Bùi Văn Hùng', 'answers.applicant_personal_id': '001088000321' };

    expect(alike({ ...LAN, ...MINH }, { ...father, ...MINH })).toBe(true);
    expect(alike({ ...LAN, ...MINH }, LAN)).toBe(true);
    expect(alike({ ...LAN, ...MINH }, { ...LAN, 'answers.child_full_name': 'Bùi An' })).toBe(false);
    expect(alike({ ...LAN, ...MINH }, { ...LAN, ...MINH, 'answers.child_date_of_birth': '2024-01-01' })).toBe(false);
  });

  it('is open while anybody waits for it', () => {
    expect(['sealed', 'arrived', 'accepted', 'more_needed', 'awaiting_payment', 'in_work'].some(isClosed)).toBe(false);
    expect(['done', 'returned', 'refused', 'withdrawn', 'stopped'].every(isClosed)).toBe(true);
  });

  // UX-12
  it('is found among 5,000 without reading any of them again', () => {
    const dossiers = Array.from({ length: 5_000 }, (_, index) => new Counted(`r${index}`, BIRTH, {
      ...LAN, 'answers.applicant_personal_id': `0011900${String(index).padStart(5, '0')}`,
    }));
    const before = new TakenBefore(dossiers);
    const read = dossiers.reduce((sum, { reads }) => sum + reads, 0);

    expect(before.alike(BIRTH, { 'answers.applicant_personal_id': '001190004321' })[0]?.record).toBe('r4321');
    expect(dossiers.reduce((sum, { reads }) => sum + reads, 0)).toBe(read);
  });

  it('is answered once, and the answer stays on this phone', () => {
    const procedure = procedureOf('2.000635');
    const answered = { ...LAN, ...anotherMatter(['r'], LAN) };

    expect(isAnotherMatter('r', answered)).toBe(true);
    expect(isAnotherMatter('other', answered)).toBe(false);
    const sealed = answersToSeal(procedure, filled(procedure, answered));
    expect(Object.keys(sealed).filter((name) => !name.startsWith('answers.'))).toEqual([]);
  });
});
