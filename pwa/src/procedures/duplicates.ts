/**
 * Open dossiers of the same person and the same procedure on this phone: a hint, never a bar.
 *
 * 1. A person is their number; where one of the two has none, the name without tone marks and the
 *    date of birth. Compared are who hands in, and whom it is about.
 * 2. Two children of one mother are two matters: dossiers about different people are not alike.
 * 3. Everything is read once into an index. A key press looks up, and reads no dossier.
 */
import type { Value } from '../sync/pack';
import { isBlank, type Answers } from './answers';
import { fold } from './folding';
import { normalPersonalId } from './normal';
import { SUBJECTS } from './people';

/** What an officer said to the hint: records that are another matter. Of the draft alone. */
const ANOTHER = 'draft.another_matter';

/** As much of a dossier as is compared. */
export interface Taken {
  readonly record: string;
  readonly procedure: string;
  valueOf(name: string): Value | undefined;
}

interface Somebody {
  readonly number: string | null;
  readonly name: string | null;
  readonly born: string | null;
}

interface Entry<T> {
  readonly taken: T;
  readonly applicant: Somebody;
  readonly subject: Somebody;
}

export class TakenBefore<T extends Taken> {
  readonly #byPerson = new Map<string, Entry<T>[]>();

  /** Open dossiers, the newest first. */
  constructor(open: readonly T[]) {
    for (const taken of open) {
      const entry = { taken, ...peopleOf((name) => taken.valueOf(name)) };
      for (const key of keysOf(taken.procedure, entry)) {
        const others = this.#byPerson.get(key);
        if (others === undefined) this.#byPerson.set(key, [entry]);
        else others.push(entry);
      }
    }
  }

  alike(procedure: string, answers: Answers): readonly T[] {
    const people = peopleOf((name) => answers[name]);
    const found = keysOf(procedure, people).flatMap((key) => this.#byPerson.get(key) ?? []);
    return [...new Set(found)].filter((entry) => isAlike(people, entry)).map(({ taken }) => taken);
  }
}

export function isAnotherMatter(record: string, answers: Answers): boolean {
  return kept(answers).includes(record);
}

export function anotherMatter(records: readonly string[], answers: Answers): Answers {
  return { [ANOTHER]: [...new Set([...kept(answers), ...records])] };
}

function kept(answers: Answers): readonly Value[] {
  const records = answers[ANOTHER];
  return Array.isArray(records) ? records as readonly Value[] : [];
}

type People = Pick<Entry<unknown>, 'applicant' | 'subject'>;

function peopleOf(valueOf: (name: string) => Value | undefined): People {
  const about = SUBJECTS.find((stem) => !isBlank(valueOf(`answers.${stem}_full_name`)));
  return {
    applicant: somebody('applicant', valueOf),
    subject: about === undefined ? { number: null, name: null, born: null } : somebody(about, valueOf),
  };
}

function somebody(stem: string, valueOf: (name: string) => Value | undefined): Somebody {
  const text = (part: string): string | null => {
    const value = valueOf(`answers.${stem}_${part}`);
    return typeof value === 'string' && !isBlank(value) ? value : null;
  };
  const [number, name] = [text('personal_id'), text('full_name')];
  return {
    number: number === null ? null : normalPersonalId(number.trim()),
    name: name === null ? null : fold(name),
    born: text('date_of_birth'),
  };
}

function keysOf(procedure: string, { applicant, subject }: People): readonly string[] {
  return [applicant, subject].flatMap(({ number, name, born }) => [
    ...(number === null ? [] : [`${procedure} ${number}`]),
    ...(name === null || born === null ? [] : [`${procedure} ${name} ${born}`]),
  ]);
}

function isAlike(one: People, other: People): boolean {
  if (isSame(one.subject, other.subject)) return true;
  return isSame(one.applicant, other.applicant) && !isOther(one.subject, other.subject);
}

function isSame(one: Somebody, other: Somebody): boolean {
  if (one.number !== null && other.number !== null) return one.number === other.number;
  return one.name !== null && one.born !== null && one.name === other.name && one.born === other.born;
}

function isOther(one: Somebody, other: Somebody): boolean {
  if (one.number !== null && other.number !== null) return one.number !== other.number;
  if (one.name === null || other.name === null) return false;
  return one.name !== other.name || (one.born !== null && other.born !== null && one.born !== other.born);
}
