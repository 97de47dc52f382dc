/**
 * The same person's next dossier: what was said once in a visit is not asked again (UX-33).
 *
 * 1. Taken over is who people are, where they live and how to reach them: answers of the same field.
 *    Never what somebody stood by (signatures, notices, consents), nor papers.
 * 2. The same procedure again is about somebody else: whom it is about is left open.
 * 3. Nothing of it stands unseen: each section with such answers is a task until somebody looked.
 */
import type { Value } from '../sync/pack';
import {
  isBlank, nameOf, placeOf, presetAnswers, presetRow, rowsOf, type Answers, type Row,
} from './answers';
import type { FormField, Group, Procedure } from './catalogue';
import { flawOfAnswer } from './checks';
import { originsOf, withOrigin } from './origins';
import { isSubject } from './people';
import { isGroupVisible, questionsOf, visibleGroups } from './visibility';

/** Sections that were looked at; of the draft alone, never sealed. */
const LOOKED_AT = 'draft.looked_at';

const CONTACT = /_(?:phone|email|ethnicity|nationality)$/u;
/** Of every dossier, and about the person more than about the matter. */
const LASTING = new Set([
  'result_channel', 'result_van_stop', 'result_address', 'notify_channel', 'can_read_write', 'support_needs',
]);
/** Who declares for a household is who hands in, if nothing else was said. */
const DECLARANT = ['full_name', 'personal_id', 'date_of_birth', 'gender', 'phone', 'email'] as const;

export interface Said {
  readonly procedure: string;
  readonly answers: Answers;
}

/** The answers that a new draft starts with, each of those that are taken over marked. */
export function startWith(procedure: Procedure, said: Said, today: string): Answers {
  return withOrigin('dossier', presetAnswers(procedure), takenOver(procedure, said, today));
}

function takenOver(procedure: Procedure, { procedure: before, answers }: Said, today: string): Answers {
  const known = withSelf(answers);
  const sets: Record<string, Value> = {};
  for (const group of procedure.groups) {
    if (procedure.code === before && group.identity !== null && isSubject(group.identity)) continue;
    const fields = group.fields.filter((field) => isLasting(group, field));
    if (fields.length === 0) continue;
    for (const row of group.repeat === null ? [null] : rowsOf(group.id, known).slice(0, group.repeat.max)) {
      const given = fields.map((field) => ({ field, row, name: nameOf(field.id, row) }))
        .filter(({ name }) => !isBlank(known[name]))
        .filter((question) => flawOfAnswer(question, known[question.name], today) === null);
      if (row !== null && given.length > 0) Object.assign(sets, placed(group, row, sets));
      for (const { name } of given) sets[name] = known[name] ?? null;
    }
  }
  return sets;
}

function placed(group: Group, row: Row, sets: Answers): Answers {
  return { ...presetRow(group, row, sets), [placeOf(row)]: rowsOf(group.id, sets).length };
}

function isLasting(group: Group, field: FormField): boolean {
  if (field.computedFrom !== null) return false;
  if (group.id === 'applicant' || LASTING.has(field.id)) return true;
  if (group.identity === null) return false;
  return Object.values(group.identity).includes(field.id) || CONTACT.test(field.id);
}

/** What was said of the applicant in another part of the form, and who declares. */
function withSelf(answers: Answers): Answers {
  const number = answers['answers.applicant_personal_id'];
  const whole: Record<string, Value> = { ...answers };
  const copy = (from: string, to: string): void => {
    const value = whole[from];
    if (value !== undefined && !isBlank(value) && isBlank(whole[to])) whole[to] = value;
  };
  for (const [name, value] of Object.entries(answers)) {
    if (isBlank(value) || value !== number || !/^answers\.[a-z_]+_personal_id$/u.test(name)) continue;
    const stem = name.slice(0, -'_personal_id'.length);
    for (const part of DECLARANT) copy(`${stem}_${part}`, `answers.applicant_${part}`);
  }
  if (answers['answers.applicant_kind'] !== 'self' || !isBlank(answers['answers.declarant_full_name'])) return whole;
  for (const part of DECLARANT) copy(`answers.applicant_${part}`, `answers.declarant_${part}`);
  return whole;
}

/** Sections with answers that came from another dossier and that nobody has looked at here. */
export function unseenGroups(procedure: Procedure, answers: Answers): readonly Group[] {
  const taken = [...originsOf(answers)].filter(([, origin]) => origin === 'dossier').map(([name]) => name);
  if (taken.length === 0) return [];
  const seen = seenIn(answers);
  return visibleGroups(procedure, answers).filter((group) => !seen.includes(group.id)
    && questionsOf(procedure, group, answers).some(({ name }) => taken.includes(name)));
}

/** What of a section was taken over. */
export function takenIn(procedure: Procedure, group: Group, answers: Answers): readonly string[] {
  if (!isGroupVisible(procedure, group, answers)) return [];
  const origins = originsOf(answers);
  return questionsOf(procedure, group, answers).map(({ name }) => name)
    .filter((name) => origins.get(name) === 'dossier');
}

/** To note that a section was looked at. */
export function lookedAt(group: Group, answers: Answers): Answers {
  return { [LOOKED_AT]: [...new Set([...seenIn(answers), group.id])] };
}

function seenIn(answers: Answers): readonly Value[] {
  const seen = answers[LOOKED_AT];
  return Array.isArray(seen) ? seen as readonly Value[] : [];
}
