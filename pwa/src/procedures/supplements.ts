/**
 * What the office asked for after a dossier had come, and for how long its clock stood meanwhile.
 *
 * A request stands in the dossier's record as `supplements.<id>`; what answers it is a field
 * `supplied.<id>` of its own. Twin of server/deadlines/supplements.py; vectors hold both to the same.
 */
import type { Value } from '../sync/pack';
import type { Pause } from './deadlines';
import { civilMinute } from './promise';
import { ASKED, GIVEN } from './supplement_fields';

export interface Supplement {
  readonly id: string;
  /** `YYYY-MM-DDTHH:MM`, in Vietnam. */
  readonly asked: string;
  /** Fields of the record. */
  readonly items: readonly string[];
  readonly more: string;
  readonly reason: string;
  /** Empty while it is not answered. */
  readonly given: string;
  /** As it stands on the office's paper; empty where it gave none. */
  readonly number: string;
}

/** A field's shown value, and when it was set: never after the office's receipt. */
export type SetAt = readonly [Value, number];

/** The oldest first. */
export function supplementsIn(fields: ReadonlyMap<string, SetAt>): Supplement[] {
  const found: (Supplement & { readonly at: number })[] = [];
  for (const [name, [value, at]] of fields) {
    if (!name.startsWith(ASKED) || !isMap(value) || value['items'] === undefined) continue;
    const id = name.slice(ASKED.length);
    const [answer, answered] = fields.get(GIVEN + id) ?? [null, 0];
    found.push({
      at,
      id,
      asked: civilMinute(at),
      items: isList(value['items']) ? value['items'].filter((item) => typeof item === 'string') : [],
      more: textOf(value['more']),
      reason: textOf(value['reason']),
      // A clock that runs behind must not make time go backwards.
      given: answer === true ? civilMinute(Math.max(answered, at)) : '',
      number: textOf(value['number']),
    });
  }
  found.sort((one, other) => one.at - other.at || compare(one.id, other.id));
  return found.map(({ id, asked, items, more, reason, given, number }) => ({ id, asked, items, more, reason, given, number }));
}

/** Those that are not answered: while there is one, the clock stands. */
export function waitingOf(supplements: readonly Supplement[]): Supplement[] {
  return supplements.filter(({ given }) => given === '');
}

/** The times in which the clock stood and goes on, in their order; none overlap. */
export function pausesOf(supplements: readonly Supplement[]): Pause[] {
  const pauses: Pause[] = [];
  const answered = supplements.filter(({ given }) => given !== '');
  answered.sort((one, other) => compare(one.asked, other.asked) || compare(one.given, other.given));
  for (const { asked, given } of answered) {
    const last = pauses.at(-1);
    if (last === undefined || asked > last.given) pauses.push({ asked, given });
    else pauses[pauses.length - 1] = { asked: last.asked, given: given > last.given ? given : last.given };
  }
  return pauses;
}

/** The field by which somebody says that everything was brought. */
export function givenField(id: string): string {
  return GIVEN + id;
}

function isMap(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
