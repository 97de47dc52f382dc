/** What a procedure costs at the van, as far as the catalogue knows. */
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
