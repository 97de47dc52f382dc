/** Fills forms from the real catalogue, as a careful person would, and finds answers for any condition. */
import catalogueText from '../../../server/procedures/catalogue.json?raw';
import { nameOf, presetAnswers, presetRow, rowsOf, type Answers, type Row } from '../../src/procedures/answers';
import { findField, type Condition, type FormField, type Plain, type Procedure } from '../../src/procedures/catalogue';
import { readCatalogue } from '../../src/procedures/reading';
import { questionsOf, visibleGroups } from '../../src/procedures/visibility';
import type { Value } from '../../src/sync/pack';

export const TODAY = '2026-11-22';

export function realCatalogueJson(): unknown {
  return JSON.parse(catalogueText);
}

export const catalogue = readCatalogue(realCatalogueJson());

export function procedureOf(code: string): Procedure {
  const found = catalogue.procedures.find((procedure) => procedure.code === code);
  if (found === undefined) throw new Error(`no procedure ${code}`);
  return found;
}

/** Answers every visible question that has none, until no new one appears. */
export function filled(procedure: Procedure, begun: Answers): Answers {
  let answers: Answers = { ...presetAnswers(procedure), ...begun };
  for (const group of procedure.groups) {
    for (let count = rowsOf(group.id, answers).length; count < (group.repeat?.min ?? 0); count += 1) {
      const row = { group: group.id, id: `00000000-0000-4000-8000-00000000000${count}` };
      answers = { ...answers, ...presetRow(group, row, answers) };
    }
  }
  for (;;) {
    const open = visibleGroups(procedure, answers)
      .flatMap((group) => questionsOf(procedure, group, answers))
      .filter((question) => answers[question.name] === undefined && question.field.computedFrom === null);
    if (open.length === 0) return answers;
    answers = { ...answers, ...Object.fromEntries(open.map(({ name, field }) => [name, sample(field)])) };
  }
}

function sample(field: FormField): Value {
  switch (field.type) {
    case 'text':
      if (field.format === 'HH:mm') return '09:07';
      if (field.format === 'email') return 'lan@thu.vn';
      return field.pattern === null ? 'Nguyễn Thị Lan' : '0123456789';
    case 'address': return 'Thôn Đồi Dùng, xã Mỹ Đức';
    // The number below is of a man of that year: nothing about them is odd.
    case 'date': return '2020-05-15';
    case 'number': return field.min ?? 1;
    case 'choice': {
      const first = field.choices[0]?.value ?? '';
      return field.multi ? [first] : first;
    }
    case 'cccd': return '001220000123';
    case 'phone': return '0912345678';
    case 'boolean': return true;
  }
}

/** Answers under which a condition holds; questions that it leans on are made visible first. */
export function satisfying(procedure: Procedure, condition: Condition | null, row: Row | null): Answers {
  if (condition === null) return {};
  if (condition.kind === 'all') {
    return Object.assign({}, ...condition.conditions.map((each) => satisfying(procedure, each, row))) as Answers;
  }
  if (condition.kind === 'any') return satisfying(procedure, condition.conditions[0] ?? null, row);
  const field = findField(procedure, condition.field);
  if (field === null) throw new Error(`${procedure.code} leans on ${condition.field}, which it does not ask`);
  const group = procedure.groups.find((each) => each.id === field.group);
  const value = valueFor(condition, field);
  return {
    ...satisfying(procedure, group?.showIf ?? null, row),
    ...satisfying(procedure, field.showIf, row),
    [nameOf(field.id, group?.repeat ? row : null)]: field.multi ? [value] : value,
  };
}

function valueFor(condition: Exclude<Condition, { kind: 'all' | 'any' }>, field: FormField): Plain {
  switch (condition.kind) {
    case 'equals': return condition.value;
    case 'gt': return condition.value + 1;
    case 'in': return condition.values[0] ?? '';
    case 'not_in': {
      const other = field.choices.find((choice) => !condition.values.includes(choice.value));
      if (other === undefined) throw new Error(`${field.id} has no choice outside not_in`);
      return other.value;
    }
  }
}
