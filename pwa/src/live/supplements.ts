/** Whether the office waits for something that it asked for: what lists and counts need to know. */
import type { Dossier } from '../device/shown';
import { ASKED, GIVEN } from '../procedures/supplement_fields';

export function isWaited(dossier: Dossier): boolean {
  // Asked first: a look at the fields of thousands takes long.
  if (!dossier.isAsked) return false;
  for (const [name, field] of dossier.fields) {
    if (!name.startsWith(ASKED) || Reflect.get(Object(field.head.value), 'items') === undefined) continue;
    if (dossier.fields.get(`${GIVEN}${name.slice(ASKED.length)}`)?.head.value !== true) return true;
  }
  return false;
}

/** What the office does with it: while a request waits for its answer, the office waits too. */
export function workOn(dossier: Dossier): string {
  return isWaited(dossier) ? 'more_needed' : dossier.status;
}
