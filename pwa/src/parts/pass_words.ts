/** Why an odd answer was let pass, or a question skipped, as people read it. */
import { t } from '../live/display.svelte';
import type { Passed } from '../procedures/passing';

export function reasonOf({ reason, words }: Passed): string {
  return words.trim() === '' ? t(`app.pass.${reason}`) : `${t(`app.pass.${reason}`)}: ${words}`;
}
