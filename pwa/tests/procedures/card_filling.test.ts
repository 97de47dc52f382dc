import { describe, expect, it } from 'vitest';
import type { Answers } from '../../src/procedures/answers';
import { answersFromCard, replacedBy } from '../../src/procedures/card_filling';
import type { Group, Procedure } from '../../src/procedures/catalogue';
import type { IdCard } from '../../src/procedures/id_card';
import { catalogue, filled, procedureOf } from './filling';

const LAN: IdCard = {
  kind: 'card', number: '001190000123', name: 'Nguyễn Thị Lan', born: '1990-01-01', gender: 'female',
  address: 'Thôn Đồi Dùng, Xã An Phú, Mỹ Đức, Hà Nội',
};

function groupOf(procedure: Procedure, id: string): Group {
  const found = procedure.groups.find((group) => group.id === id);
  if (found === undefined) throw new Error(`no group ${id}`);
  return found;
}

describe('a card that fills a form', () => {
  it('answers the applicant of any procedure', () => {
    const procedure = procedureOf('1.001193');

    const sets = answersFromCard(procedure, groupOf(procedure, 'applicant'), null, LAN, {});

    expect(sets).toEqual({
      'answers.applicant_personal_id': '001190000123', 'answers.applicant_full_name': 'Nguyễn Thị Lan',
      'answers.applicant_date_of_birth': '1990-01-01', 'answers.applicant_gender': 'female',
      'answers.applicant_address': 'Thôn Đồi Dùng, Xã An Phú, Mỹ Đức, Hà Nội',
    });
  });

  it('answers one row of several people', () => {
    const procedure = procedureOf('1.004222');
    const row = { group: 'members', id: 'r1' };

    const sets = answersFromCard(procedure, groupOf(procedure, 'members'), row, LAN, {});

    expect(Object.keys(sets).sort()).toEqual([
      'answers.members.r1.member_date_of_birth', 'answers.members.r1.member_full_name',
      'answers.members.r1.member_gender', 'answers.members.r1.member_personal_id',
    ]);
  });

  it('knows the person of every group that asks for a personal number', () => {
    const without = catalogue.procedures.flatMap(({ code, groups }) => groups
      .filter(({ fields, identity }) => fields.some(({ type }) => type === 'cccd') && (identity?.fullName ?? null) === null)
      .map(({ id }) => `${code} ${id}`));

    expect(without).toEqual([]);
  });

  it('gives only what a question takes', () => {
    for (const procedure of catalogue.procedures) {
      const answers = filled(procedure, {});
      for (const group of procedure.groups.filter(({ identity, repeat }) => identity !== null && repeat === null)) {
        for (const [name, value] of Object.entries(answersFromCard(procedure, group, null, LAN, answers))) {
          expect(value, `${procedure.code} ${name}`).not.toBeNull();
        }
      }
    }
  });

  it('says what it would replace, and not what is the same', () => {
    const sets: Answers = { 'answers.a': 'x', 'answers.b': 'y', 'answers.c': 'z' };

    expect(replacedBy(sets, { 'answers.a': 'x', 'answers.b': 'other', 'answers.c': ' ' })).toEqual(['answers.b']);
  });
});
