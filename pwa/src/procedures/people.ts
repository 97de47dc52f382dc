/** Who a dossier is about, for lists and titles. */
import type { Answers } from './answers';
import type { IdentityFields } from './catalogue';

export function applicantOf(answers: Answers): string | null {
  const name = answers['answers.applicant_full_name'];
  return typeof name === 'string' && name.trim() !== '' ? name.trim() : null;
}

/** Made when it is first asked for: it costs the start more than most modules. */
let byLetters: Intl.Collator | undefined;

/** The order of people in a list: by given name, which is the last word, then by the whole name (UX-81). */
export function byGivenName(one: string, other: string): number {
  byLetters ??= new Intl.Collator('vi');
  return byLetters.compare(givenName(one), givenName(other)) || byLetters.compare(one, other);
}

function givenName(name: string): string {
  return name.trim().split(/\s+/u).at(-1) ?? '';
}

/** Everything a person may be searched by: every text in the answers. */
export function searchTextOf(answers: Answers): string {
  return Object.values(answers).filter((value) => typeof value === 'string').join(' ');
}

/** Of whom a procedure may be, beside whoever hands it in. */
export const SUBJECTS = ['child', 'deceased', 'person', 'head', 'user', 'subject', 'woman'] as const;
const SUBJECT = new RegExp(`^(?:answers\\.)?(?:${SUBJECTS.join('|')})_full_name$`, 'u');

export function isSubject({ fullName }: IdentityFields): boolean {
  return fullName !== null && SUBJECT.test(fullName);
}

/** Named people other than the applicant (a child, a spouse), for telling like dossiers apart. */
export function subjectOf(answers: Answers): string | null {
  const applicant = applicantOf(answers);
  for (const [name, value] of Object.entries(answers)) {
    if (SUBJECT.test(name)
      && typeof value === 'string' && value.trim() !== '' && value.trim() !== applicant) return value.trim();
  }
  return null;
}
