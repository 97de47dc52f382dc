/** The sentence for a problem: the same in the summary and at the field. */
import { labelOf, t } from '../live/display.svelte';
import type { Problem } from '../procedures/checks';
import { writeNumber } from '../procedures/format';

export function wordsFor(problem: Problem): string {
  const label = labelOf(problem.field?.label ?? problem.group.label);
  const bound = problem.bound === null ? '' : writeNumber(problem.bound);
  if (problem.code === 'incomplete-date' && problem.field?.partialDate === true) {
    return t('app.problem.incomplete-partial-date', { label });
  }
  return t(`app.problem.${problem.code}`, { label, bound });
}
