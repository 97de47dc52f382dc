/**
 * A log that parted from the office's goes on under a new seat: what of its branch is written anew.
 *
 *     common …………┐
 *     branch      ├─ set again later in the branch      only its last set goes over
 *                 ├─ replaced by another seat here      that seat's own log brings what stands
 *                 ├─ the office has this very value     nothing to do
 *                 └─ else                               goes over, replacing what the branch replaced
 *
 * 1. A set that goes over replaces exactly what its author had seen, never what the office holds by
 *    now: where somebody else answered meanwhile, both values stand until a person settles them.
 * 2. It must never know how anything is stored.
 */
import type { Bytes } from './bytes';
import { isErased } from './chain';
import { type Dot, type LinkedChange, dotKey, dotOf, valuesOf } from './change';
import { CHANGE_DOTS_MAX } from './limits';
import { type Value, pack } from './pack';
import { type State, heads, seenOf } from './record';
import { canonical } from './register';

/** A seat's own log above the last change that the office is known to hold of it. */
export interface Branch {
  readonly seat: number;
  readonly common: number;
}

export interface CarriedSet {
  readonly dots: readonly Dot[];
  readonly value: Value;
}

/** Whether a state has merged changes of a branch, or others of the same numbers. */
export function hasMerged(state: State, branches: readonly Branch[]): boolean {
  return branches.some(({ seat, common }) => seenOf(state, seat) > common);
}

export function isOfBranch(
  change: { readonly seat: number; readonly seq: number },
  branches: readonly Branch[],
): boolean {
  return branches.some(({ seat, common }) => change.seat === seat && change.seq > common);
}

/**
 * What goes over of one change of a branch; empty if nothing does.
 *
 * `branch` are all its changes to the same record, `others` what other seats of this phone wrote to
 * it, `state` is the office's, with what went over before.
 */
export function carriedSets(
  change: LinkedChange,
  branch: readonly LinkedChange[],
  others: readonly LinkedChange[],
  state: State,
): ReadonlyMap<string, CarriedSet> {
  const sets = new Map<string, CarriedSet>();
  // Nobody says again what was erased by law.
  if (change.skeleton === null || isErased(change.bodyBytes)) return sets;
  const values = valuesOf(change.bodyBytes);
  const own = dotKey(dotOf(change));
  const ofBranch = new Set(branch.map((one) => dotKey(dotOf(one))));
  for (const [place, field] of [...change.skeleton.fields.keys()].entries()) {
    const value = values[place] ?? null;
    const earlier = branch.filter((one) => one.skeleton?.fields.has(field) === true);
    if (earlier.at(-1)?.seq !== change.seq) continue;
    if (others.some((one) => replaces(one, field, own))) continue;
    if (stands(state, field, value)) continue;
    const replaced = earlier.flatMap((one) => one.skeleton?.fields.get(field) ?? []);
    const foreign = new Map(replaced.map((dot) => [dotKey(dot), dot]));
    const dots = [...foreign].flatMap(([key, dot]) => (ofBranch.has(key) ? [] : [dot]));
    sets.set(field, { dots: dots.slice(0, CHANGE_DOTS_MAX), value });
  }
  return sets;
}

function replaces(change: LinkedChange, field: string, dot: string): boolean {
  return change.skeleton?.fields.get(field)?.some((one) => dotKey(one) === dot) ?? false;
}

/** Whether the office has this very value, by whomever; never set is as good as removed. */
function stands(state: State, field: string, value: Value): boolean {
  const standing: readonly Bytes[] = heads(state, field).map((head) => head.value);
  if (standing.length === 0) return value === null;
  const wanted = canonical(pack(value));
  return standing.some((one) => canonical(one) === wanted);
}
