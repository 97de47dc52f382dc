/**
 * Which groups, fields and papers a form shows, given its answers.
 *
 * 1. A question that is not shown has no answer: a condition on it does not hold, whatever was
 *    answered before it disappeared.
 * 2. A question that is not answered satisfies no condition, `not_in` included: nothing appears
 *    before its reason does.
 * 3. A condition in a repeated row looks at its own row first, then at the whole form.
 */
import type { Value } from '../sync/pack';
import type { Condition, FormField, Group, Plain, Procedure, RequiredPaper } from './catalogue';
import type { Answers, Row } from './answers';
import { isBlank, nameOf, rowsOf } from './answers';

/** One question as it stands on the screen. */
export interface Question {
  readonly field: FormField;
  readonly row: Row | null;
  /** The field's name in the record, and of its input. */
  readonly name: string;
}

export function isGroupVisible(procedure: Procedure, group: Group, answers: Answers): boolean {
  if (!holds(group.showIf, procedure, answers, null, new Set())) return false;
  return group.repeat !== null || group.fields.some((field) => isVisible(procedure, field, answers, null));
}

export function visibleGroups(procedure: Procedure, answers: Answers): readonly Group[] {
  return procedure.groups.filter((group) => isGroupVisible(procedure, group, answers));
}

/** The questions of a group that are shown; of a repeated one, row by row. */
export function questionsOf(procedure: Procedure, group: Group, answers: Answers): readonly Question[] {
  const rows = group.repeat === null ? [null] : rowsOf(group.id, answers);
  return rows.flatMap((row) => questionsOfRow(procedure, group, answers, row));
}

export function questionsOfRow(
  procedure: Procedure, group: Group, answers: Answers, row: Row | null,
): readonly Question[] {
  return group.fields
    .filter((field) => isVisible(procedure, field, answers, row))
    .map((field) => questionOf(field, row));
}

/** One question is always the same object: a screen draws anew only what is another. */
const known = new WeakMap<FormField, Map<string, Question>>();

function questionOf(field: FormField, row: Row | null): Question {
  const name = nameOf(field.id, row);
  const ofField = known.get(field) ?? new Map<string, Question>();
  known.set(field, ofField);
  const question = ofField.get(name) ?? { field, row, name };
  ofField.set(name, question);
  return question;
}

export function visiblePapers(procedure: Procedure, answers: Answers): readonly RequiredPaper[] {
  return procedure.papers.filter((paper) => holds(paper.showIf, procedure, answers, null, new Set()));
}

export function isVisible(
  procedure: Procedure, field: FormField, answers: Answers, row: Row | null,
): boolean {
  return visible(procedure, field, answers, row, new Set());
}

function visible(
  procedure: Procedure, field: FormField, answers: Answers, row: Row | null, asked: ReadonlySet<string>,
): boolean {
  if (asked.has(field.id)) return false;
  const now = new Set(asked).add(field.id);
  const group = procedure.groups.find((each) => each.id === field.group);
  if (group && !holds(group.showIf, procedure, answers, row, now)) return false;
  return holds(field.showIf, procedure, answers, row, now);
}

function holds(
  condition: Condition | null, procedure: Procedure, answers: Answers, row: Row | null,
  asked: ReadonlySet<string>,
): boolean {
  if (condition === null) return true;
  if (condition.kind === 'all') {
    return condition.conditions.every((each) => holds(each, procedure, answers, row, asked));
  }
  if (condition.kind === 'any') {
    return condition.conditions.some((each) => holds(each, procedure, answers, row, asked));
  }
  const value = answerTo(condition.field, procedure, answers, row, asked);
  if (value === undefined || isBlank(value)) return false;
  if (condition.kind === 'gt') return Number(value) > condition.value;
  if (condition.kind === 'equals') return has(value, condition.value);
  const named = condition.values.some((each) => has(value, each));
  return condition.kind === 'in' ? named : !named;
}

/** A choice of several counts as each of them. */
function has(value: Value, wanted: Plain): boolean {
  return Array.isArray(value) ? value.includes(wanted) : value === wanted;
}

function answerTo(
  id: string, procedure: Procedure, answers: Answers, row: Row | null, asked: ReadonlySet<string>,
): Value | undefined {
  for (const group of procedure.groups) {
    const field = group.fields.find((each) => each.id === id);
    if (field === undefined) continue;
    const place = group.repeat === null ? null : row;
    if (group.repeat !== null && row?.group !== group.id) return undefined;
    if (!visible(procedure, field, answers, place, asked)) return undefined;
    return answers[nameOf(id, place)];
  }
  return undefined;
}
