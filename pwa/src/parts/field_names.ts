/** What a field of a record is called on the screen. */
import { labelOf, t } from '../live/display.svelte';
import { isWord } from '../words/words';
import { findField, type Procedure } from '../procedures/catalogue';
import type { Dossier, ShownHead } from '../device/shown';
import { writeMoment } from '../procedures/format';
import { PASSED, passedIn } from '../procedures/passing';
import { now } from '../live/now.svelte';
import type { Value } from '../sync/pack';
import { wordsForAnswer } from './answer_words';

export function labelOfName(procedure: Procedure | null, name: string): string {
  const [kind, ...rest] = name.split('.');
  const id = rest.at(-1) ?? name;
  if (procedure !== null && kind === 'answers') {
    const field = findField(procedure, id);
    if (field) return labelOf(field.label);
  }
  if (procedure !== null && kind === 'papers') {
    const paper = procedure.papers.find((each) => each.id === id);
    if (paper) return labelOf(paper.name);
  }
  if (name === 'assignee') return t('app.dossier.assignee');
  if (name === PASSED) return t('app.pass.title');
  return name === 'status' ? t('app.dossier.work') : id;
}

/** A value of any field, read back as well as this phone can. */
export function wordsForField(procedure: Procedure | null, name: string, value: Value): string {
  const field = procedure === null ? null : findField(procedure, name.split('.').at(-1) ?? '');
  if (field !== null && name.startsWith('answers.')) {
    return wordsForAnswer(field, value) ?? t('app.check.empty');
  }
  if (name === 'status' && typeof value === 'string') return officeStatus(value);
  if (name === 'assignee' && typeof value === 'number') return t('app.dossier.assignee.number', { n: value });
  if (name.startsWith('papers.')) return paperMark(value);
  if (name === PASSED) {
    return passedIn(value).map((each) => labelOfName(procedure, each.name)).join(', ') || t('app.check.empty');
  }
  if (value === null) return t('app.check.empty');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function officeStatus(status: string): string {
  const key = `app.office.${status}`;
  return isWord(key) ? t(key) : t('app.office.other', { status });
}

export function paperMark(value: Value): string {
  const state: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'state') : null;
  const key = `app.papers.mark.${String(state)}`;
  return isWord(key) ? t(key) : t('app.check.empty');
}

/** Who wrote a value, and when. */
export function authorOf(head: ShownHead): string {
  const who = head.by ?? t('app.dossier.someone');
  const when = writeMoment(head.at, now.ms);
  return t(head.onThisPhone ? 'app.dossier.rival.here' : 'app.dossier.rival', { who, when });
}

/** The name on a dossier, for titles and lists. */
export function nameOfDossier(dossier: Dossier): string {
  const value = dossier.fields.get('answers.applicant_full_name')?.head.value;
  return typeof value === 'string' && value !== '' ? value : t('app.dossiers.nameless');
}

export function nameOfProcedure(procedure: Procedure | null, code: string): string {
  return procedure === null ? code : labelOf({ vi: procedure.shortName, en: procedure.name.en });
}
