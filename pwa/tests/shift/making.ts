/** Records that are no dossiers, as a test says them. */
import type { Author, Said, Work } from '../../src/shift/work';
import type { WorkKind } from '../../src/sync/kinds';

let made = 0;

/** By the person at seat 3, unless it is said. */
export function work(kind: WorkKind, said: Said, seat = 3): Work {
  made += 1;
  const author: Author = { seat, by: 'Nguyễn Văn An', at: 0, onThisPhone: true };
  const authors = new Map(Object.keys(said).map((field) => [field, author]));
  return { record: made.toString(16).padStart(32, '0'), kind, said, authors };
}
