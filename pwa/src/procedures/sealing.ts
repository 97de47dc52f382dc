/** What of a form's answers goes into a change: only what is shown, in its normal form. */
import type { Value } from '../sync/pack';
import type { Procedure } from './catalogue';
import type { Answers } from './answers';
import { isBlank, nameOf, placeOf, rowsOf } from './answers';
import { dateInWords } from './date_words';
import { normalise } from './normal';
import { questionsOf, visibleGroups } from './visibility';

/** The answers to seal: hidden fields and blanks are left out, rows carry their place. */
export function answersToSeal(procedure: Procedure, answers: Answers): Answers {
  const whole = withComputed(procedure, answers);
  const sealed: Record<string, Value> = {};
  for (const group of visibleGroups(procedure, whole)) {
    if (group.repeat !== null) {
      rowsOf(group.id, whole).forEach((row, index) => { sealed[placeOf(row)] = index; });
    }
    for (const { field, name } of questionsOf(procedure, group, whole)) {
      const value = normalise(field, whole[name] ?? null);
      if (!isBlank(value)) sealed[name] = value;
    }
  }
  return sealed;
}

/** Fills in what follows from other answers, as dates in words. */
export function withComputed(procedure: Procedure, answers: Answers): Answers {
  const computed: Record<string, Value> = {};
  for (const group of procedure.groups) {
    const rows = group.repeat === null ? [null] : rowsOf(group.id, answers);
    for (const field of group.fields) {
      if (field.computedFrom === null) continue;
      for (const row of rows) {
        computed[nameOf(field.id, row)] = dateInWords(answers[nameOf(field.computedFrom, row)]);
      }
    }
  }
  return { ...answers, ...computed };
}

/**
 * What a revision changes: fields whose sealed value differs, null for those that are no longer
 * shown or answered. A removed row is marked as removed and keeps its past.
 */
export function revisedFields(procedure: Procedure, before: Answers, after: Answers): Answers {
  const sealed = answersToSeal(procedure, after);
  const changed: Record<string, Value> = {};
  for (const [name, value] of Object.entries(sealed)) {
    if (!isSame(before[name], value)) changed[name] = value;
  }
  for (const [name, value] of Object.entries(before)) {
    if (name in sealed || isBlank(value) || name.endsWith('.removed')) continue;
    const removal = removalMark(name, after);
    if (removal === null) changed[name] = null;
    else changed[removal] = true;
  }
  return changed;
}

/** The name of the mark, if the field stands in a row that was taken out. */
function removalMark(name: string, after: Answers): string | null {
  const parts = name.split('.');
  if (parts.length !== 4) return null;
  const mark = [...parts.slice(0, 3), 'removed'].join('.');
  return after[mark] === true ? mark : null;
}

function isSame(a: Value | undefined, b: Value): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
