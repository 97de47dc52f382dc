/** Which papers a dossier asks for, given its answers, and which of them nobody has dealt with. */
import type { Procedure, RequiredPaper } from './catalogue';
import type { Answers } from './answers';
import { visiblePapers } from './visibility';

export type PaperMark = 'handed_in' | 'checked' | 'missing' | 'not_needed';

export interface Paper {
  readonly state: PaperMark;
  readonly count: number;
}

export type Papers = Readonly<Record<string, Paper>>;

export interface PaperList {
  /** Needed in any case, or one of the alternatives. */
  readonly needed: readonly RequiredPaper[];
  /** Only in the case that its condition names, or when a look-up fails. */
  readonly perhaps: readonly RequiredPaper[];
}

export function papersOf(procedure: Procedure, answers: Answers): PaperList {
  const shown = visiblePapers(procedure, answers);
  const isNeeded = (paper: RequiredPaper): boolean => paper.required && !paper.onlyIfLookupFails;
  return { needed: shown.filter(isNeeded), perhaps: shown.filter((paper) => !isNeeded(paper)) };
}

/** What can be said of a paper: one that is only shown is compared and handed back. */
export function marksFor(paper: RequiredPaper, isAlternative: boolean): readonly PaperMark[] {
  const given: PaperMark = paper.form === 'check-only' ? 'checked' : 'handed_in';
  const canBeSpared = !paper.required || paper.onlyIfLookupFails || isAlternative
    || paper.form === 'check-only' || paper.condition !== null;
  return canBeSpared ? [given, 'missing', 'not_needed'] : [given, 'missing'];
}

/** What is only shown is handed back at once, and of some papers the law wants no picture. */
export function canBePhotographed(paper: RequiredPaper): boolean {
  return paper.form !== 'check-only' && !paper.sensitive;
}

/** Needed papers without a word; of alternatives, one word is enough for all. */
export function unmarkedPapers(procedure: Procedure, answers: Answers, papers: Papers): readonly RequiredPaper[] {
  const { needed } = papersOf(procedure, answers);
  return needed.filter((paper) => {
    if (papers[paper.id] !== undefined) return false;
    return paper.oneOf === null
      || !needed.some((other) => other.oneOf === paper.oneOf && papers[other.id] !== undefined);
  });
}

export function missingPapers(procedure: Procedure, answers: Answers, papers: Papers): readonly RequiredPaper[] {
  return papersOf(procedure, answers).needed.filter((paper) => papers[paper.id]?.state === 'missing');
}

/** Only what the answers still ask for goes into the dossier. */
export function papersToSeal(procedure: Procedure, answers: Answers, papers: Papers): Papers {
  const asked = new Set(visiblePapers(procedure, answers).map((paper) => paper.id));
  return Object.fromEntries(Object.entries(papers).filter(([id]) => asked.has(id)));
}
