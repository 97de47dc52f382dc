/** A sealed dossier's answers while somebody changes them; nothing is written until it is sealed. */
import type { SealOutcome } from '../device/outcomes';
import type { Phone } from '../device/port';
import type { Dossier, Seen } from '../device/shown';
import type { Answers } from '../procedures/answers';
import type { Procedure } from '../procedures/catalogue';
import { PASSED } from '../procedures/passing';
import { revisedFields } from '../procedures/sealing';
import { withoutAnswered } from '../procedures/skipping';
import type { Value } from '../sync/pack';

export class RevisionView {
  readonly record: string;
  answers = $state.raw<Answers>({});
  reason = $state('');
  /** Why questions were skipped, or odd answers let pass, when it was sealed. */
  readonly #passed: Answers;
  readonly #before: Answers;
  readonly #seen: Seen;

  constructor(readonly phone: Phone, dossier: Dossier, kept?: KeptRevision) {
    this.record = dossier.record;
    this.#before = answersOf(dossier);
    this.#passed = { [PASSED]: dossier.fields.get(PASSED)?.head.value ?? null };
    this.#seen = dossier.seen;
    this.answers = kept === undefined ? this.#before : { ...this.#before, ...kept.answers };
    this.reason = kept?.reason ?? '';
  }

  /** Whether anything was typed that leaving must not lose. */
  get isTouched(): boolean {
    return this.reason !== '' || this.answers !== this.#before;
  }

  /** The answers with the reasons of those that are missing. */
  get whole(): Answers {
    return { ...this.answers, ...this.#passed };
  }

  setAll(changed: Answers): void {
    this.answers = { ...this.answers, ...changed };
  }

  changes(procedure: Procedure): Answers {
    return { ...revisedFields(procedure, this.#before, this.answers), ...withoutAnswered(this.whole) };
  }

  seal(procedure: Procedure): Promise<SealOutcome> {
    const reason = this.reason.normalize('NFC').trim();
    return this.phone.revise(this.record, this.changes(procedure), reason, this.#seen);
  }
}

/** A revision that was not sealed when its person's vault was locked. */
export interface KeptRevision {
  readonly record: string;
  readonly answers: Answers;
  readonly reason: string;
}

/** `kept` are those of locks before; nobody need have opened them since. */
export function packRevisions(
  revisions: readonly RevisionView[],
  kept: readonly KeptRevision[],
): Value | null {
  const left = [
    ...revisions.filter(({ isTouched }) => isTouched),
    ...kept.filter(({ record }) => !revisions.some((open) => open.record === record)),
  ];
  if (left.length === 0) return null;
  return left.map(({ record, answers, reason }) => ({ record, answers, reason }));
}

export function keptRevisions(value: Value): readonly KeptRevision[] {
  // Nobody but `packRevisions` writes it, into a vault that nobody else opens.
  return value === null ? [] : value as unknown as readonly KeptRevision[];
}

/** The answers that a dossier shows, by whole field name. */
export function answersOf(dossier: Dossier): Answers {
  const answers: Record<string, Value> = {};
  for (const [name, field] of dossier.fields) {
    if (name.startsWith('answers.')) answers[name] = field.head.value;
  }
  return answers;
}

export function papersOfDossier(dossier: Dossier): Readonly<Record<string, Value>> {
  const papers: Record<string, Value> = {};
  for (const [name, field] of dossier.fields) {
    if (name.startsWith('papers.')) papers[name.slice('papers.'.length)] = field.head.value;
  }
  return papers;
}
