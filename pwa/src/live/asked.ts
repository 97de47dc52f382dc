/** What the office asked for in a dossier that came, and what of it was brought. */
import type { Dossier } from '../device/shown';
import { ASKED } from '../procedures/supplement_fields';
import { type SetAt, type Supplement, supplementsIn } from '../procedures/supplements';
import type { Value } from '../sync/pack';

export function askedOf(dossier: Dossier): Supplement[] {
  const fields = new Map<string, SetAt>();
  for (const [name, { head }] of dossier.fields) fields.set(name, [head.value, head.at]);
  return supplementsIn(fields);
}

/** Whether something that was asked for has been written since. */
export function isBrought(dossier: Dossier, supplement: Supplement, item: string): boolean {
  const asked = dossier.fields.get(`${ASKED}${supplement.id}`)?.head.at ?? 0;
  const since = (name: string): boolean => (dossier.fields.get(name)?.head.at ?? 0) > asked;
  if (since(item)) return true;
  const paper = item.startsWith('papers.') ? item.slice('papers.'.length) : null;
  return paper !== null && [...dossier.fields].some(([name, { head }]) =>
    name.startsWith('attachments.') && head.at > asked && documentOf(head.value) === paper);
}

function documentOf(value: Value): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, 'document') : null;
}
