/** A record that is no dossier: a stop, a ticket, an original kept … (`sync/kinds.json`). */
import type { WorkKind } from '../sync/kinds';
import type { Value } from '../sync/pack';

export type Said = Record<string, Value>;

/** Who set a field, and when by their clock. */
export interface Author {
  readonly seat: number;
  readonly by: string | null;
  readonly at: number;
  readonly onThisPhone: boolean;
}

export interface Work {
  readonly record: string;
  readonly kind: WorkKind;
  /** Every field that is set and fits. */
  readonly said: Readonly<Said>;
  readonly authors: ReadonlyMap<string, Author>;
}

export function textOf(work: Work, field: string): string {
  const value = work.said[field];
  return typeof value === 'string' ? value : '';
}

export function countOf(work: Work, field: string): number {
  const value = work.said[field];
  return typeof value === 'number' ? value : 0;
}

export function ofKind(all: readonly Work[], kind: WorkKind): Work[] {
  return all.filter((work) => work.kind === kind);
}

export function findWork(all: readonly Work[], kind: WorkKind, record: string): Work | null {
  return all.find((work) => work.kind === kind && work.record === record) ?? null;
}

/** Those of a list that are among these records. */
export function recordsAmong(
  list: readonly { readonly record: string }[], records: readonly string[],
): string[] {
  const wanted = new Set(records);
  return list.map(({ record }) => record).filter((record) => wanted.has(record));
}
