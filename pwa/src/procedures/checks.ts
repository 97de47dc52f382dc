/**
 * What is still wrong with the answers of a form. A problem is a code and facts; screens have the
 * words. An empty list means: may be sealed.
 */
import type { Value } from '../sync/pack';
import type { FormField, Group, Procedure } from './catalogue';
import type { Answers } from './answers';
import { isBlank, rowsOf } from './answers';
import { flawOf, isAfter, type DateFlaw } from './dates';
import { normalise } from './normal';
import { skippedIn } from './skipping';
import { questionsOf, visibleGroups, type Question } from './visibility';

export type ProblemCode =
  | 'required' | DateFlaw | 'date-in-future' | 'not-a-number' | 'whole-number' | 'too-small' | 'too-large'
  | 'too-long' | 'wrong-pattern' | 'not-a-time' | 'not-an-email' | 'not-a-choice' | 'not-a-personal-id'
  | 'not-a-phone' | 'too-few-rows' | 'too-many-rows';

export interface Problem {
  readonly code: ProblemCode;
  /** The whole field name; of a group without enough rows, the group's. */
  readonly name: string;
  readonly group: Group;
  readonly field: FormField | null;
  /** The bound that was broken, where there is one. */
  readonly bound: number | null;
}

export function problemsOf(procedure: Procedure, answers: Answers, today: string): readonly Problem[] {
  return visibleGroups(procedure, answers)
    .flatMap((group) => problemsOfGroup(procedure, group, answers, today));
}

export function problemsOfGroup(
  procedure: Procedure, group: Group, answers: Answers, today: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  const rows = group.repeat === null ? null : rowsOf(group.id, answers).length;
  if (group.repeat !== null && rows !== null) {
    const whole = { name: `answers.${group.id}`, group, field: null };
    if (rows < group.repeat.min) problems.push({ ...whole, code: 'too-few-rows', bound: group.repeat.min });
    if (rows > group.repeat.max) problems.push({ ...whole, code: 'too-many-rows', bound: group.repeat.max });
  }
  const skipped = skippedIn(answers);
  for (const question of questionsOf(procedure, group, answers)) {
    const flaw = flawOfAnswer(question, answers[question.name], today);
    if (flaw?.code === 'required' && skipped.includes(question.name)) continue;
    if (flaw) problems.push({ ...flaw, name: question.name, group, field: question.field });
  }
  return problems;
}

type Flaw = Pick<Problem, 'code' | 'bound'>;

/** What is wrong with one answer, shown or not. */
export function flawOfAnswer(question: Question, given: Value | undefined, today: string): Flaw | null {
  const { field } = question;
  const value = given === undefined ? null : normalise(field, given);
  // Computed answers follow their source; a source that is missing is named there, once.
  if (field.computedFrom !== null) return null;
  if (isBlank(value)) return field.required ? { code: 'required', bound: null } : null;
  switch (field.type) {
    case 'text': case 'address': return flawOfText(field, value);
    case 'date': return flawOfDate(field, value, today);
    case 'number': return flawOfNumber(field, value);
    case 'choice': return flawOfChoice(field, value);
    case 'cccd': return flawOfPersonalId(field, value);
    case 'phone': return isPhone(value) ? null : { code: 'not-a-phone', bound: null };
    case 'boolean': return typeof value === 'boolean' ? null : { code: 'required', bound: null };
  }
}

/** An address may be as long as three of its lines. */
const TEXT_MAX = 500;

function flawOfText(field: FormField, value: Value): Flaw | null {
  if (typeof value !== 'string') return { code: 'wrong-pattern', bound: null };
  const longest = field.maxLength ?? TEXT_MAX;
  if (Array.from(value).length > longest) return { code: 'too-long', bound: longest };
  if (field.pattern !== null && !field.pattern.test(value)) return { code: 'wrong-pattern', bound: null };
  if (field.format === 'HH:mm' && !/^(?:[01]\d|2[0-3]):[0-5]\d$/u.test(value)) {
    return { code: 'not-a-time', bound: null };
  }
  if (field.format === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(value)) {
    return { code: 'not-an-email', bound: null };
  }
  return null;
}

function flawOfDate(field: FormField, value: Value, today: string): Flaw | null {
  if (typeof value !== 'string') return { code: 'not-a-date', bound: null };
  const flaw = flawOf(value, field.partialDate);
  if (flaw) return { code: flaw, bound: null };
  if (field.max === 'today' && isAfter(value, today)) return { code: 'date-in-future', bound: null };
  return null;
}

function flawOfNumber(field: FormField, value: Value): Flaw | null {
  const number = typeof value === 'number' ? value : Number(value);
  if (typeof value === 'string' && !/^\d+(?:\.\d+)?$/u.test(value)) {
    return { code: /^\d+[.,]\d+$/u.test(value) ? 'whole-number' : 'not-a-number', bound: null };
  }
  if (!Number.isFinite(number)) return { code: 'not-a-number', bound: null };
  if (field.decimals === 0 && !Number.isSafeInteger(number)) return { code: 'whole-number', bound: null };
  if (field.min !== null && number < field.min) return { code: 'too-small', bound: field.min };
  if (typeof field.max === 'number' && number > field.max) return { code: 'too-large', bound: field.max };
  return null;
}

function flawOfChoice(field: FormField, value: Value): Flaw | null {
  const chosen: readonly Value[] = Array.isArray(value) ? value : [value];
  const known = chosen.every((each) => field.choices.some((choice) => choice.value === each));
  return known && Array.isArray(value) === field.multi ? null : { code: 'not-a-choice', bound: null };
}

/** Twelve figures; the old nine, or another paper, only where the procedure takes it. */
function flawOfPersonalId(field: FormField, value: Value): Flaw | null {
  if (typeof value === 'string') {
    if (/^\d{12}$/u.test(value)) return null;
    const isOther = /^\d{9}$/u.test(value) || /^(?=.*\p{L})(?=.*\d)[\p{L}\d /.-]{5,30}$/u.test(value);
    if (field.otherPaperAllowed && isOther) return null;
  }
  return { code: 'not-a-personal-id', bound: null };
}

/** Mobile: ten figures from 03, 05, 07, 08, 09. Landline: eleven from 02. */
function isPhone(value: Value): boolean {
  return typeof value === 'string' && /^(?:0[35789]\d{8}|02\d{9})$/u.test(value);
}
