/** The index of the dossiers that this phone holds open: made when it is first asked, and once a list. */
import type { Dossier } from '../device/shown';
import { TakenBefore, type Taken } from '../procedures/duplicates';
import { isClosed } from '../sync/kinds';

export interface TakenDossier extends Taken { readonly dossier: Dossier }

const made = new WeakMap<readonly Dossier[], TakenBefore<TakenDossier>>();

export function takenBefore(dossiers: readonly Dossier[]): TakenBefore<TakenDossier> {
  const found = made.get(dossiers) ?? new TakenBefore(dossiers
    .filter(({ status }) => !isClosed(status))
    .map((dossier) => ({
      dossier, record: dossier.record, procedure: dossier.procedure,
      valueOf: (name: string) => dossier.fields.get(name)?.head.value,
    })));
  made.set(dossiers, found);
  return found;
}
