/** How answers are named and kept: by the whole field name, as in the record. */
import type { Value } from '../sync/pack';
import type { FormField, Group, Procedure } from './catalogue';

/** `answers.child_full_name`, `answers.members.<uuid>.member_full_name`, `….at`. */
export type Answers = Readonly<Record<string, Value>>;

/** A place in the form: a field, and for repeated groups the row that it stands in. */
export interface Row {
  readonly group: string;
  readonly id: string;
}

export function nameOf(fieldId: string, row: Row | null): string {
  return row === null ? `answers.${fieldId}` : `answers.${row.group}.${row.id}.${fieldId}`;
}

export function placeOf(row: Row): string {
  return `answers.${row.group}.${row.id}.at`;
}

export function removalOf(row: Row): string {
  return `answers.${row.group}.${row.id}.removed`;
}

/** Null, blank text and an empty list say nothing. */
export function isBlank(value: Value | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}

/** The rows of a repeated group, in their order; removed ones are left out. */
export function rowsOf(group: string, answers: Answers): readonly Row[] {
  const prefix = `answers.${group}.`;
  const found = new Map<string, number>();
  for (const [name, value] of Object.entries(answers)) {
    if (!name.startsWith(prefix)) continue;
    const [id, part] = name.slice(prefix.length).split('.');
    if (id === undefined || part === undefined) continue;
    if (part === 'at' && typeof value === 'number') found.set(id, value);
    else if (!found.has(id)) found.set(id, Number.MAX_SAFE_INTEGER);
  }
  return [...found]
    .filter(([id]) => answers[`${prefix}${id}.removed`] !== true)
    .sort(([idA, atA], [idB, atB]) => atA - atB || (idA < idB ? -1 : 1))
    .map(([id]) => ({ group, id }));
}

/** The answers that a new draft starts with. */
export function presetAnswers(procedure: Procedure): Answers {
  const answers: Record<string, Value> = {};
  for (const group of procedure.groups) {
    if (group.repeat === null) Object.assign(answers, presetsOf(group, null));
  }
  return answers;
}

/** The answers that a new row starts with, and its place after the others. */
export function presetRow(group: Group, row: Row, answers: Answers): Answers {
  const places = rowsOf(group.id, answers).map((each) => {
    const at = answers[placeOf(each)];
    return typeof at === 'number' ? at : 0;
  });
  return { [placeOf(row)]: Math.max(-1, ...places) + 1, ...presetsOf(group, row) };
}

function presetsOf(group: Group, row: Row | null): Answers {
  const answers: Record<string, Value> = {};
  for (const field of group.fields) {
    if (field.preset !== null) answers[nameOf(field.id, row)] = presetOf(field);
  }
  return answers;
}

/** A default may name a label ("Bản thân") where the answer is free text, so it is taken as it is. */
function presetOf(field: FormField): Value {
  return field.multi && field.preset !== null ? [field.preset] : field.preset;
}

/** Whether a person, and not the catalogue, gave the answer. */
export function isGiven(field: FormField, value: Value | undefined): boolean {
  if (isBlank(value) || field.computedFrom !== null) return false;
  return value !== field.preset;
}
