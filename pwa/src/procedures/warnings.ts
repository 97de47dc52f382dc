/** Odd but possible answers: no errors, and a reason lets them pass (UX-35). */
import type { Group, Procedure } from './catalogue';
import type { Answers, Row } from './answers';
import { nameOf, rowsOf } from './answers';
import { factsOfNumber } from './id_card';
import { normalPersonalId } from './normal';
import { isGroupVisible } from './visibility';

export interface Warning {
  readonly code: 'id-other-year' | 'id-other-gender' | 'old-personal-id';
  readonly name: string;
  /** The answer that it does not go with. */
  readonly beside: string | null;
  readonly group: Group;
}

export function warningsOf(procedure: Procedure, answers: Answers): readonly Warning[] {
  return procedure.groups
    .filter((group) => isGroupVisible(procedure, group, answers))
    .flatMap((group) => {
      const rows = group.repeat === null ? [null] : rowsOf(group.id, answers);
      return rows.flatMap((row) => warningsOfPerson(group, row, answers));
    });
}

function warningsOfPerson(group: Group, row: Row | null, answers: Answers): readonly Warning[] {
  const fields = group.identity;
  const idField = fields?.personalId ?? null;
  if (fields === null || idField === null) return [];
  const name = nameOf(idField, row);
  const given = answers[name];
  if (typeof given !== 'string') return [];
  const id = normalPersonalId(given.trim());
  if (/^\d{9}$/u.test(id)) return [{ code: 'old-personal-id', name, beside: null, group }];
  const facts = factsOfNumber(id);
  if (facts === null) return [];

  const warnings: Warning[] = [];
  const bornName = fields.dateOfBirth === null ? null : nameOf(fields.dateOfBirth, row);
  const born = bornName === null ? null : answers[bornName];
  if (typeof born === 'string' && /^\d{4}/u.test(born) && facts.year !== Number(born.slice(0, 4))) {
    warnings.push({ code: 'id-other-year', name, beside: bornName, group });
  }
  const genderName = fields.gender === null ? null : nameOf(fields.gender, row);
  const gender = genderName === null ? null : answers[genderName];
  if ((gender === 'male' || gender === 'female') && gender !== facts.gender) {
    warnings.push({ code: 'id-other-gender', name, beside: genderName, group });
  }
  return warnings;
}
