/** Finding dossiers by a code as people type it: the whole, or a part, with separators or without. */
import { foldCode } from '../sync/codes';

const LETTERS_MIN = 4;

/** What is looked for in codes; null where nobody types a code: no name has a digit. */
export function soughtCode(text: string): string | null {
  const folded = foldCode(text);
  return /\d/.test(text) && folded.length >= LETTERS_MIN ? folded : null;
}

/** The codes of a dossier as they are looked through. */
export function codeTextOf(codes: readonly string[]): string {
  return codes.map(foldCode).join(' ');
}
