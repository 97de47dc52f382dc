/**
 * What a procedure asks, after the border check: the types that every form rule works on.
 *
 * Names follow the catalogue; `label_vi`/`label_en` become one `Label`, `show_if` becomes `showIf`.
 */
import type { TimeLimit } from './limits';

export interface Label {
  readonly vi: string;
  /** Null where the catalogue has only Vietnamese. */
  readonly en: string | null;
}

export type Plain = string | number | boolean;

export type Condition =
  | { readonly kind: 'equals'; readonly field: string; readonly value: Plain }
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly Plain[] }
  | { readonly kind: 'not_in'; readonly field: string; readonly values: readonly Plain[] }
  | { readonly kind: 'gt'; readonly field: string; readonly value: number }
  | { readonly kind: 'all'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'any'; readonly conditions: readonly Condition[] };

export const FIELD_TYPES = [
  'text', 'date', 'number', 'choice', 'cccd', 'phone', 'address', 'boolean',
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export interface Choice {
  readonly value: string;
  readonly label: Label;
}

export interface FormField {
  readonly id: string;
  readonly group: string;
  readonly label: Label;
  readonly type: FieldType;
  /** Only while the field is visible. */
  readonly required: boolean;
  readonly choices: readonly Choice[];
  readonly showIf: Condition | null;
  readonly preset: Plain | null;
  readonly suggestions: readonly string[];
  readonly help: string | null;
  readonly partialDate: boolean;
  readonly computedFrom: string | null;
  readonly multi: boolean;
  readonly min: number | null;
  readonly max: number | 'today' | null;
  readonly maxLength: number | null;
  readonly pattern: RegExp | null;
  readonly format: 'HH:mm' | 'email' | null;
  readonly decimals: number;
  readonly sensitive: boolean;
  readonly otherPaperAllowed: boolean;
  /** Official forms print it in capitals; people type it as they like. */
  readonly uppercase: boolean;
}

/** Which fields of a group speak of one person's identity: what a card fills, what is compared. */
export interface IdentityFields {
  readonly personalId: string | null;
  readonly fullName: string | null;
  readonly dateOfBirth: string | null;
  readonly gender: string | null;
  readonly address: string | null;
}

export interface Group {
  readonly id: string;
  readonly label: Label;
  readonly showIf: Condition | null;
  readonly repeat: { readonly min: number; readonly max: number } | null;
  readonly identity: IdentityFields | null;
  readonly fields: readonly FormField[];
}

export type PaperForm = 'original' | 'copy' | 'declaration' | 'check-only';

export interface RequiredPaper {
  readonly id: string;
  readonly name: Label;
  readonly form: PaperForm;
  readonly count: number;
  readonly required: boolean;
  readonly condition: string | null;
  readonly showIf: Condition | null;
  /** Papers with the same word are alternatives: one is enough. */
  readonly oneOf: string | null;
  /** Asked for only when a database look-up fails. */
  readonly onlyIfLookupFails: boolean;
  readonly sensitive: boolean;
}

export interface FeeFormula {
  readonly firstPages: number;
  readonly firstPageFee: number;
  readonly nextPageFee: number;
  readonly capPerCopy: number;
}

export interface Rule {
  readonly severity: 'error' | 'warning' | 'info';
  readonly text: Label;
}

export interface Procedure {
  readonly code: string;
  readonly name: Label;
  readonly shortName: string;
  readonly field: string;
  /** The limit in words, as published. */
  readonly timeLimitText: string;
  readonly timeLimit: TimeLimit;
  /** The form of the receipt: the common one, or the police's for residence. */
  readonly receiptTemplate: 'receipt_m01' | 'receipt_ct04';
  /** The same matter as a mobile procedure, which has days where this one has the day itself. */
  readonly mobileVariant: string | null;
  /** What is asked directly; null: the city council sets it and the catalogue does not know it. */
  readonly feeVnd: number | null;
  readonly feeUnit: 'case' | 'copy' | 'page';
  readonly feeFormula: FeeFormula | null;
  readonly feeNote: string | null;
  readonly vanRole: 'full' | 'intake' | 'assist_online';
  readonly mustBePresent: string | null;
  readonly papers: readonly RequiredPaper[];
  /** Applicant and principal first, then the procedure's own, then delivery, help and privacy. */
  readonly groups: readonly Group[];
  readonly rules: readonly Rule[];
}

export interface Catalogue {
  readonly version: string;
  readonly procedures: readonly Procedure[];
}

export function findProcedure(catalogue: Catalogue, code: string): Procedure | null {
  return catalogue.procedures.find((procedure) => procedure.code === code) ?? null;
}

export function groupOfField(procedure: Procedure, id: string): string | null {
  return procedure.groups.find(({ fields }) => fields.some((field) => field.id === id))?.id ?? null;
}

export function findField(procedure: Procedure, id: string): FormField | null {
  for (const group of procedure.groups) {
    const found = group.fields.find((field) => field.id === id);
    if (found) return found;
  }
  return null;
}
