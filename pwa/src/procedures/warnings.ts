/** Odd but possible answers: said to the person who asks, never in the way. */
import type { Group, Procedure } from './catalogue';
import type { Answers, Row } from './answers';
import { nameOf, rowsOf } from './answers';
import { factsOfNumber } from './id_card';
import { normalPersonalId } from './normal';
import { isGroupVisible } from './visibility';

export interface Warning {
  readonly code: 'id-other-year' | 'id-other-gender' | 'old-personal-id';
  readonly name: string;
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
  if (/^\d{9}$/u.test(id)) return [{ code: 'old-personal-id', name, group }];
  const facts = factsOfNumber(id);
  if (facts === null) return [];

  const warnings: Warning[] = [];
  const born = fields.dateOfBirth === null ? null : answers[nameOf(fields.dateOfBirth, row)];
  if (typeof born === 'string' && /^\d{4}/u.test(born) && facts.year !== Number(born.slice(0, 4))) {
    warnings.push({ code: 'id-other-year', name, group });
  }
  const gender = fields.gender === null ? null : answers[nameOf(fields.gender, row)];
  if ((gender === 'male' || gender === 'female') && gender !== facts.gender) {
    warnings.push({ code: 'id-other-gender', name, group });
  }
  return warnings;
}
