/** Originals that we keep for a while (A17): what is still here, who took it, and from when. */
import { type Work, countOf, ofKind, textOf } from './work';

export interface Original {
  readonly record: string;
  readonly dossier: string;
  readonly stop: string;
  readonly paper: string;
  readonly count: number;
  readonly isHere: boolean;
  readonly takenAt: string;
  readonly takenBy: string | null;
  readonly returnedAt: string;
  readonly returnedTo: string;
  readonly returnedBy: string | null;
}

/** An original that nobody has begun to note; without `document` it is another paper, by its name. */
export const EMPTY_ORIGINAL = { document: '', name: '', count: 1 };

/** One that nobody has begun to hand back: to whom is not said yet. */
export const EMPTY_RETURN = { to: '' };

/** Those that are here first, the oldest of them on top; then those that went back, newest first. */
export function originalsOf(all: readonly Work[]): Original[] {
  return ofKind(all, 'custody').map(originalOf).sort((one, other) => {
    if (one.isHere !== other.isHere) return one.isHere ? -1 : 1;
    if (one.isHere) return one.takenAt < other.takenAt ? -1 : 1;
    return one.returnedAt > other.returnedAt ? -1 : 1;
  });
}

export function stillHere(all: readonly Work[]): Original[] {
  return originalsOf(all).filter(({ isHere }) => isHere);
}

function originalOf(work: Work): Original {
  return {
    record: work.record,
    dossier: textOf(work, 'dossier'),
    stop: textOf(work, 'stop'),
    paper: textOf(work, 'paper'),
    count: Math.max(countOf(work, 'count'), 1),
    // Whatever is not surely given back is still ours to give back.
    isHere: textOf(work, 'status') !== 'returned',
    takenAt: textOf(work, 'taken_at'),
    takenBy: work.authors.get('paper')?.by ?? null,
    returnedAt: textOf(work, 'returned_at'),
    returnedTo: textOf(work, 'returned_to'),
    returnedBy: work.authors.get('returned_at')?.by ?? null,
  };
}
