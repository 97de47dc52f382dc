/**
 * “Đã đối chiếu bản chính”: that a receiving officer held a paper against its original. Who and
 * when are a field of the dossier, `original_check.<paper>`; nobody else's word counts, so nobody
 * else is asked (feature A4).
 */
import type { Value } from '../sync/pack';
import type { Answers } from './answers';
import type { Procedure, RequiredPaper } from './catalogue';
import { papersToSeal, type Papers } from './papers';

const PREFIX = 'original_check.';
const ROLE = 'receiving_officer';

export interface OriginalCheck {
  readonly by: string;
  /** ISO civil time with zone. */
  readonly at: string;
}

export function mayCheckOriginals(role: string | null): boolean {
  return role === ROLE;
}

/** A declaration is its own original, and what is only shown is compared in any case. */
export function canBeComparedWithOriginal({ form }: RequiredPaper): boolean {
  return form === 'copy' || form === 'original';
}

export function originalCheckOf(answers: Answers, paper: string): OriginalCheck | null {
  return readOriginalCheck(answers[PREFIX + paper]);
}

export function readOriginalCheck(value: Value | undefined): OriginalCheck | null {
  if (typeof value !== 'object' || value === null || !('by' in value) || !('at' in value)) return null;
  const { by, at } = value;
  return typeof by === 'string' && typeof at === 'string' ? { by, at } : null;
}

/** What to write into a draft; null takes the word back. */
export function originalCheck(paper: string, check: OriginalCheck | null): Answers {
  return { [PREFIX + paper]: check === null ? null : { ...check } };
}

/** Of papers that were handed in. */
export function originalChecksToSeal(procedure: Procedure, answers: Answers, papers: Papers): Answers {
  const handedIn = Object.entries(papersToSeal(procedure, answers, papers))
    .filter(([, { state }]) => state === 'handed_in');
  return Object.fromEntries(handedIn.flatMap(([id]) => {
    const check = originalCheckOf(answers, id);
    return check === null ? [] : [[PREFIX + id, { ...check }]];
  }));
}
