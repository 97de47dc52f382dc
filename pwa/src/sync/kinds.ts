/**
 * The kinds of records: what each may hold. The table is `sync/kinds.json`, for both languages.
 *
 * A kind or a field that is not in it is kept and merged like any other, and shown by nobody.
 */
import TABLE from '../../../sync/kinds.json';
import { INTEGER_MAX, NAME_CHARACTERS_MAX } from './limits';
import type { Value } from './pack';

export const DOSSIER = 'dossier';

export type Kind = keyof typeof TABLE;
/** Records that are no dossiers: what the work around them leaves behind. */
export type WorkKind = Exclude<Kind, 'dossier'>;

const PEOPLE_MAX = 64;
const REMARK_CHARACTERS_MAX = 2_000;
const DRAWING_BYTES_MAX = 64 * 1024;

const SHAPES: Readonly<Record<string, (value: Value) => boolean>> = {
  name: (value) => isText(value, NAME_CHARACTERS_MAX),
  text: (value) => isText(value, REMARK_CHARACTERS_MAX),
  code: matches(/^[a-z][a-z_]{0,39}$/u),
  record: matches(/^[0-9a-f]{32}$/u),
  day: matches(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u),
  hour: matches(/^[0-9]{2}:[0-9]{2}$/u),
  moment: matches(
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})$/u,
  ),
  number: isNumber,
  flag: (value) => typeof value === 'boolean',
  people: (value) => isList(value) && value.length <= PEOPLE_MAX && value.every(isNumber),
  drawing: (value) =>
    value instanceof Uint8Array && value.length > 0 && value.length <= DRAWING_BYTES_MAX,
};

/** Whether a dossier with this status waits for nobody any more. */
export function isClosed(status: string): boolean {
  return TABLE.dossier.closed.includes(status);
}

export function isWorkKind(kind: string): kind is WorkKind {
  return kind !== DOSSIER && Object.hasOwn(TABLE, kind);
}

/** Whether a value may stand in a field of a kind that is in the table; null always may. */
export function fits(kind: string, field: string, value: Value): boolean {
  if (!Object.hasOwn(TABLE, kind)) return false;
  const fields: Readonly<Record<string, string>> = TABLE[kind as Kind].fields;
  const shape = Object.hasOwn(fields, field) ? SHAPES[fields[field] ?? ''] : undefined;
  return shape !== undefined && (value === null || shape(value));
}

function isText(value: Value, most: number): boolean {
  if (typeof value !== 'string' || value === '' || value.length > 2 * most) return false;
  return Array.from(value).length <= most;
}

function matches(pattern: RegExp): (value: Value) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value);
}

function isNumber(value: Value): boolean {
  return (
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= INTEGER_MAX
  );
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
