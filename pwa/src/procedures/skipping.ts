/**
 * Questions that must be answered and cannot be now, each skipped with a reason; sealed beside the
 * odd answers that were let pass.
 *
 * 1. A skipped question bars nothing, and is not answered: the dossier is incomplete, no date is promised.
 * 2. Its reason goes when it is answered.
 */
import type { Value } from '../sync/pack';
import type { Answers } from './answers';
import { isBlank } from './answers';
import { PASSED, SKIPPED, isWhole, kept, passedIn, type Given } from './passing';

/** Skips a question; null takes the reason back. */
export function skip(name: string, given: Given | null, answers: Answers): Answers {
  const others = passedIn(answers[PASSED]).filter((each) => each.name !== name);
  return kept(given === null ? others : [...others, { name, beside: [], codes: [SKIPPED], ...given }]);
}

/** Names of the questions that are skipped, each with a whole reason. */
export function skippedIn(answers: Answers): readonly string[] {
  return passedIn(answers[PASSED])
    .filter((each) => each.codes.includes(SKIPPED) && isWhole(each) && isBlank(answers[each.name]))
    .map(({ name }) => name);
}

/** What a revision changes of the sealed reasons: those of questions that are answered now go. */
export function withoutAnswered(answers: Answers): Answers {
  const all = answers[PASSED];
  if (!Array.isArray(all)) return {};
  // One that this app cannot read, of a newer one, stays as it is.
  const left = (all as readonly Value[]).filter((each) => passedIn([each])
    .every(({ name, codes }) => !codes.includes(SKIPPED) || isBlank(answers[name])));
  if (left.length === all.length) return {};
  return { [PASSED]: left.length === 0 ? null : left };
}
