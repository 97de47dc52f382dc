/**
 * Which answers nobody typed, and still stand as they came: from a card, or from another dossier of
 * the same person.
 *
 * The marks are kept beside the answers and travel with them: the office sees what was read or taken
 * over and what was typed. A mark goes when its answer is edited.
 */
import { isBlank, type Answers } from './answers';
import type { Procedure } from './catalogue';
import { questionsOf, visibleGroups } from './visibility';

export type Origin = 'card' | 'dossier';

/** The fields that name them, in a draft and in the sealing change. */
export const CARD_READ = 'intake.card_read';
export const TAKEN_OVER = 'intake.taken_over';
const MARKS: readonly (readonly [Origin, string])[] = [['card', CARD_READ], ['dossier', TAKEN_OVER]];

const NONE: ReadonlyMap<string, Origin> = new Map();

/** By the answer's name. */
export function originsOf(answers: Answers): ReadonlyMap<string, Origin> {
  const named = MARKS.flatMap(([origin, mark]) => namesIn(answers, mark).map((name) => [name, origin] as const));
  return named.length === 0 ? NONE : new Map(named);
}

/** Answers that come from somewhere now: each has its newest origin alone. */
export function withOrigin(origin: Origin, answers: Answers, sets: Answers): Answers {
  const marks = MARKS.map(([each, mark]) => {
    const others = namesIn(answers, mark).filter((name) => !(name in sets));
    return [mark, each === origin ? [...others, ...Object.keys(sets)] : others] as const;
  });
  return { ...answers, ...sets, ...changed(answers, marks) };
}

/** Answers after an edit by hand: what differs now is no longer the card's, nor the other dossier's. */
export function withEdits(answers: Answers, edits: Answers): Answers {
  const marks = MARKS.map(([, mark]) => [mark, namesIn(answers, mark)
    .filter((name) => !(name in edits) || edits[name] === answers[name])] as const);
  return { ...answers, ...edits, ...changed(answers, marks) };
}

/** The marks to seal: of questions that are shown and answered. */
export function originsToSeal(procedure: Procedure, answers: Answers): Answers {
  const shown = new Set(visibleGroups(procedure, answers)
    .flatMap((group) => questionsOf(procedure, group, answers))
    .map(({ name }) => name)
    .filter((name) => !isBlank(answers[name])));
  return Object.fromEntries(MARKS
    .map(([, mark]) => [mark, namesIn(answers, mark).filter((name) => shown.has(name)).sort()] as const)
    .filter(([, names]) => names.length > 0));
}

function namesIn(answers: Answers, mark: string): readonly string[] {
  const names = answers[mark];
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

function changed(answers: Answers, marks: readonly (readonly [string, readonly string[]])[]): Answers {
  return Object.fromEntries(marks
    .filter(([mark, names]) => mark in answers || names.length > 0)
    .map(([mark, names]) => [mark, [...new Set(names)].sort()]));
}
