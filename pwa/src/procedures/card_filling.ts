/**
 * What a card's code answers in a form, and which answers still stand as the card gave them.
 *
 * The marks are kept beside the answers, under `CARD_READ`, and travel with them: the office sees
 * what was read from a card and what was typed. A mark goes when its answer is edited.
 */
import type { Value } from '../sync/pack';
import { isBlank, nameOf, type Answers, type Row } from './answers';
import type { Group, Procedure } from './catalogue';
import type { IdCard } from './id_card';
import { normalise } from './normal';
import { isVisible, questionsOf, visibleGroups } from './visibility';

/** The field that names them, in a draft and in the sealing change. */
export const CARD_READ = 'intake.card_read';

/** The answers that a card gives for the person of a group; questions that are not shown get none. */
export function answersFromCard(
  procedure: Procedure, group: Group, row: Row | null, card: IdCard, answers: Answers,
): Answers {
  const { identity } = group;
  if (identity === null) return {};
  const given: readonly (readonly [string | null, Value])[] = [
    [identity.personalId, card.number],
    [identity.fullName, card.name],
    [identity.dateOfBirth, card.born],
    [identity.gender, card.gender],
    [identity.address, card.address],
  ];
  const sets: Record<string, Value> = {};
  for (const field of group.fields) {
    const value = given.find(([id]) => id === field.id)?.[1] ?? null;
    if (value === null || !isVisible(procedure, field, answers, row)) continue;
    sets[nameOf(field.id, row)] = normalise(field, value);
  }
  return sets;
}

/** Of what a card gives, what stands there otherwise: a person decides before it is replaced. */
export function replacedBy(sets: Answers, answers: Answers): readonly string[] {
  return Object.keys(sets).filter((name) => !isBlank(answers[name]) && answers[name] !== sets[name]);
}

export function readFromCard(answers: Answers): ReadonlySet<string> {
  const names = answers[CARD_READ];
  return new Set(Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []);
}

export function withCard(answers: Answers, sets: Answers): Answers {
  return { ...answers, ...sets, ...marked([...readFromCard(answers), ...Object.keys(sets)]) };
}

/** Answers after an edit by hand: what differs now is no longer the card's. */
export function withEdits(answers: Answers, edits: Answers): Answers {
  const read = readFromCard(answers);
  const left = [...read].filter((name) => !(name in edits) || edits[name] === answers[name]);
  return { ...answers, ...edits, ...(left.length < read.size ? marked(left) : {}) };
}

/** The marks to seal: of questions that are shown and answered. */
export function cardReadToSeal(procedure: Procedure, answers: Answers): Answers {
  const read = readFromCard(answers);
  const names = visibleGroups(procedure, answers)
    .flatMap((group) => questionsOf(procedure, group, answers))
    .map(({ name }) => name)
    .filter((name) => read.has(name) && !isBlank(answers[name]));
  return names.length === 0 ? {} : marked(names);
}

function marked(names: readonly string[]): Answers {
  return { [CARD_READ]: [...new Set(names)].sort() };
}
