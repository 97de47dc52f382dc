/**
 * What a procedure costs at the van, as far as the catalogue and the answers say.
 *
 * Twin of server/procedures/fees.py; vectors hold both to the same.
 */
import type { Value } from '../sync/pack';
import { rowsOf, type Answers, nameOf } from './answers';
import type { FeeFormula, Procedure } from './catalogue';

export type Fee =
  | { readonly kind: 'free' }
  | { readonly kind: 'fixed'; readonly vnd: number; readonly unit: Procedure['feeUnit'] }
  | { readonly kind: 'by-page'; readonly formula: FeeFormula }
  /** Set by the city council; the catalogue does not know it. */
  | { readonly kind: 'unknown' };

export function feeOf(procedure: Procedure): Fee {
  if (procedure.feeFormula !== null) return { kind: 'by-page', formula: procedure.feeFormula };
  if (procedure.feeVnd === null) return { kind: 'unknown' };
  if (procedure.feeVnd === 0) return { kind: 'free' };
  return { kind: 'fixed', vnd: procedure.feeVnd, unit: procedure.feeUnit };
}

/** The fee of one certified copy of an original of so many pages. */
export function feePerCopy(formula: FeeFormula, pages: number): number {
  const first = Math.min(pages, formula.firstPages) * formula.firstPageFee;
  const next = Math.max(0, pages - formula.firstPages) * formula.nextPageFee;
  return Math.min(first + next, formula.capPerCopy);
}

/** What a dossier owes in VND; null where nobody at the van can know it yet. */
export function feeDue({ feeFormula, feeVnd, feeUnit }: Pick<Procedure, 'feeFormula' | 'feeVnd' | 'feeUnit'>, answers: Answers): number | null {
  if (feeFormula !== null) {
    return rowsOf('originals', answers).reduce((sum, row) => {
      const pages = whole(answers[nameOf('original_page_count', row)]);
      const copies = whole(answers[nameOf('certified_copy_count', row)]);
      return pages === null || copies === null ? sum : sum + feePerCopy(feeFormula, pages) * copies;
    }, 0);
  }
  if (feeVnd === null || feeUnit !== 'copy') return feeVnd;
  const copies = whole(answers['answers.copy_count']);
  return copies === null ? null : feeVnd * copies;
}

/** A count as it was answered: a number, or its figures. */
function whole(value: Value | undefined): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,9}$/u.test(value) ? Number(value) : null;
}
