/** The handover sheet of a shift: everything that is counted when a van comes home. */
import type { Said, Work } from './work';
import { ofKind } from './work';
import { stillHere } from './originals';
import { onTheWay } from './results';
import { ticketsOf } from './tickets';

/** A dossier as far as the sheet counts it. */
export interface Counted {
  readonly record: string;
  readonly stop: string;
  /** Sheets of paper handed in. */
  readonly papers: number;
  /** Whether it has an official code. */
  readonly hasCode: boolean;
  /** What is due for it, đồng. */
  readonly fee: number;
}

export interface Sheet {
  readonly dossiers: number;
  readonly papers: number;
  readonly codes: number;
  readonly fees: number;
  readonly custody: number;
  readonly unsent: number;
  readonly photos: number;
  readonly drafts: number;
  readonly tickets: number;
  readonly waiting: number;
  /** Results that went along and are still with us. */
  readonly results: number;
}

export interface Left {
  readonly unsent: number;
  readonly photos: number;
  readonly drafts: number;
}

export function sheetOf(stop: string, dossiers: readonly Counted[], work: readonly Work[], left: Left): Sheet {
  const own = dossiers.filter((dossier) => dossier.stop === stop);
  const tickets = ticketsOf(work, stop);
  const sum = (count: (dossier: Counted) => number): number =>
    own.reduce((total, dossier) => total + count(dossier), 0);
  return {
    dossiers: own.length,
    papers: sum(({ papers }) => papers),
    codes: sum(({ hasCode }) => Number(hasCode)),
    fees: sum(({ fee }) => fee),
    // Also of other stops: an original that this phone knows of belongs to somebody, wherever it was taken.
    custody: stillHere(work).reduce((total, { count }) => total + count, 0),
    ...left,
    tickets: tickets.filter(({ status }) => status === 'done').length,
    waiting: tickets.filter(({ status }) => !['done', 'left'].includes(status)).length,
    results: onTheWay(work).length,
  };
}

export const COUNTS = [
  'dossiers', 'papers', 'codes', 'fees', 'custody', 'results', 'unsent', 'photos', 'drafts', 'tickets', 'waiting',
] as const satisfies readonly (keyof Sheet)[];

const OPEN_ENDS = ['custody', 'results', 'drafts', 'waiting', 'unsent', 'photos'] as const satisfies readonly (keyof Sheet)[];

/** What must be nought before a van is put away, and is not. */
export function openEnds(sheet: Sheet): (typeof OPEN_ENDS)[number][] {
  return OPEN_ENDS.filter((name) => sheet[name] > 0);
}

/** The sheet as a record. */
export function saidOf(sheet: Sheet): Said {
  return { ...sheet };
}

export function sheetsOf(work: readonly Work[], stop: string): Work[] {
  return ofKind(work, 'handover').filter(({ said }) => said['stop'] === stop);
}
