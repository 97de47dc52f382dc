/** What a card's code answers in a form. */
import type { Value } from '../sync/pack';
import { isBlank, nameOf, type Answers, type Row } from './answers';
import type { Group, Procedure } from './catalogue';
import type { IdCard } from './id_card';
import { normalise } from './normal';
import { isVisible } from './visibility';

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
