/** Records that are no dossiers, as the screens read them. */
import type { Author, Said, Work } from '../shift/work';
import { fits, isWorkKind } from '../sync/kinds';
import type { Dossier, ShownHead } from './shown';

/** One in a list; empty for a dossier and for what this app does not know. */
export function workOf(one: Dossier): Work[] {
  const { record, kind } = one;
  if (!isWorkKind(kind)) return [];
  const said: Said = {};
  const authors = new Map<string, Author>();
  for (const [field, { head }] of one.fields) {
    if (head.value === null || !fits(kind, field, head.value)) continue;
    said[field] = head.value;
    authors.set(field, authorOf(head));
  }
  return [{ record, kind, said, authors }];
}

function authorOf({ seat, by, at, onThisPhone }: ShownHead): Author {
  return { seat, by, at, onThisPhone };
}
