/**
 * What a field may hold, and the bounds that a change keeps. Asked before the phone says "saved".
 *
 * The answer is a sentence about the fault that names no value, so it may stand in a log.
 */
import {
  FIELD_NAME_CHARACTERS_MAX,
  INTEGER_MAX,
  TEXT_CHARACTERS_MAX,
  VALUE_DEPTH_MAX,
  VALUE_ITEMS_MAX,
} from './limits';
import type { Value } from './pack';

const FIELD_NAME = /^[A-Za-z0-9_.:-]+$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

export function isFieldName(name: string): boolean {
  return name.length <= FIELD_NAME_CHARACTERS_MAX && FIELD_NAME.test(name);
}

/** Says what keeps this from being the value of a field; null if it may be one. */
export function findFault(value: Value, depth = 1): string | null {
  if (value === null || typeof value === 'boolean') return null;
  if (typeof value === 'string') return findTextFault(value);
  if (typeof value === 'number') {
    return Number.isInteger(value) && Math.abs(value) <= INTEGER_MAX ? null : 'a number over 2^53';
  }
  if (value instanceof Uint8Array) {
    return value.length <= TEXT_CHARACTERS_MAX ? null : 'bytes over the limit';
  }
  if (depth === 1 && readsAsErased(value)) return 'a value that reads as erased';
  if (depth >= VALUE_DEPTH_MAX) return 'a value nested too deep';
  return isList(value)
    ? findNestedFault(value, [], depth)
    : findNestedFault(Object.values(value), Object.keys(value), depth);
}

/** How a value reads that was erased by law. Nobody may write it, or it would prove nothing. */
export function readsAsErased(value: Value): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (value instanceof Uint8Array || isList(value)) return false;
  const [entry, ...others] = Object.entries(value);
  return others.length === 0 && entry?.[0] === 'erased' && entry[1] === true;
}

function findTextFault(text: string): string | null {
  // Characters are code points, as Python counts them; there are never more than code units.
  if (text.length > TEXT_CHARACTERS_MAX && Array.from(text).length > TEXT_CHARACTERS_MAX) {
    return 'a text over the limit';
  }
  if (text.includes('\0')) return 'a text with NUL';
  if (LONE_SURROGATE.test(text)) return 'a text with half a character';
  return text === text.normalize('NFC') ? null : 'a text that is not NFC';
}

function findNestedFault(
  values: readonly Value[],
  keys: readonly string[],
  depth: number,
): string | null {
  if (values.length > VALUE_ITEMS_MAX) return 'a list over the limit';
  for (const part of [...keys, ...values]) {
    const fault = findFault(part, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}
