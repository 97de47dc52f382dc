/**
 * What a procedure's time limit comes to for one dossier: its channel, its place, its answers.
 *
 * Twin of server/deadlines/limits.py; vectors hold both to the same.
 */
import type { Value } from '../sync/pack';
import {
  flag, list, map, number, numberOrNull, oneOf, plain, text, textOrNull, type Json,
} from './unknown';

export type Channel = 'direct' | 'online' | 'post';
type Answers = Readonly<Record<string, Value>>;
type Supplement = (typeof SUPPLEMENTS)[number];

interface Extension {
  readonly number: number;
  readonly mode: 'replaces' | 'adds';
  /** A flag of the area; null where nobody at the van can know it. */
  readonly applies: string | null;
}

interface SimpleLimit {
  readonly rule: 'same_day' | 'count' | 'monthly_batch';
  readonly number: number;
  readonly byChannel: Readonly<Partial<Record<Channel, number>>>;
  readonly unit: 'working_days' | 'days' | 'hours';
  readonly cutoff: string | null;
  readonly startDay: number | null;
  readonly supplement: Supplement | null;
  readonly extensions: readonly Extension[];
}

interface PartLimit {
  readonly required: boolean;
  readonly chosenIf: { readonly field: string; readonly values: readonly (string | number | boolean)[] } | null;
  readonly limit: SimpleLimit;
}

/** A procedure's time limit as data; of a bundle, that of each part. */
export type TimeLimit = SimpleLimit | { readonly rule: 'parts'; readonly parts: readonly PartLimit[] };

/** One time limit, ready to be counted. */
export interface Limit {
  readonly rule: SimpleLimit['rule'];
  readonly number: number;
  readonly unit: SimpleLimit['unit'];
  readonly cutoff: string | null;
  readonly startDay: number | null;
  readonly supplement: Supplement | null;
}

const RULES = ['same_day', 'count', 'monthly_batch', 'parts'] as const;
const SUPPLEMENTS = ['anew', 'paused'] as const;
const UNITS = ['working_days', 'days', 'hours'] as const;

/** Reads `time_limit` with the `parts` and the `batch` beside it. */
export function readTimeLimit(procedure: Json, place: string): TimeLimit {
  const raw = map(procedure['time_limit'], `${place}.time_limit`);
  if (oneOf(raw['rule'], RULES, `${place}.time_limit.rule`) !== 'parts') {
    return readSimple(raw, procedure['batch'], `${place}.time_limit`);
  }
  const parts = list(procedure['parts'], `${place}.parts`).map((each) => map(each, `${place}.parts`))
    .filter((part) => part['time_limit'] !== null)
    .map((part) => ({
      required: flag(part['required'], `${place}.parts.required`),
      chosenIf: readChoice(part['chosen_if'], `${place}.parts.chosen_if`),
      // The cut-off is the bundle's.
      limit: readSimple(
        { cutoff: raw['cutoff'], ...map(part['time_limit'], `${place}.parts.time_limit`) }, null, `${place}.parts.time_limit`),
    }));
  return { rule: 'parts', parts };
}

/** The limits that count for a dossier, of its sealed answers; several for a bundle. */
export function limitsOf(
  { timeLimit }: { readonly timeLimit: TimeLimit }, channel: Channel, flags: readonly string[], answers: Answers,
): readonly Limit[] {
  if (timeLimit.rule !== 'parts') return [resolve(timeLimit, channel, flags)];
  return timeLimit.parts.filter((part) => isChosen(part, answers))
    .map((part) => resolve(part.limit, channel, flags));
}

/** The rule as it is kept beside a promise: `count;18;working_days`. */
export function ruleWords(limit: Limit): string {
  const ends = [limit.cutoff, limit.startDay].filter((end) => end !== null);
  return [limit.rule, limit.number, limit.unit, ...ends].join(';');
}

/** Whose hours end the day: residence matters are the police's. */
export function officeUnitOf({ receiptTemplate }: { readonly receiptTemplate: string }): string {
  return receiptTemplate === 'receipt_ct04' ? 'police' : 'branch';
}

/** How the van hands in: with the citizen's own account, it is online. */
export function channelOf({ vanRole }: { readonly vanRole: string }): Channel {
  return vanRole === 'assist_online' ? 'online' : 'direct';
}

function resolve(raw: SimpleLimit, channel: Channel, flags: readonly string[]): Limit {
  let counted = raw.byChannel[channel] ?? raw.number;
  for (const extension of raw.extensions) {
    if (extension.applies === null || !flags.includes(extension.applies)) continue;
    counted = extension.mode === 'replaces' ? extension.number : counted + extension.number;
  }
  const { rule, unit, cutoff, startDay, supplement } = raw;
  return { rule, number: counted, unit, cutoff, startDay, supplement };
}

function isChosen(part: PartLimit, answers: Answers): boolean {
  if (part.required) return true;
  if (part.chosenIf === null) return false;
  const answer = answers[`answers.${part.chosenIf.field}`];
  return part.chosenIf.values.some((value) => value === answer);
}

function readSimple(raw: Json, batch: unknown, place: string): SimpleLimit {
  const byChannel = raw['by_channel'] === undefined ? {} : map(raw['by_channel'], `${place}.by_channel`);
  return {
    rule: oneOf(raw['rule'], ['same_day', 'count', 'monthly_batch'], `${place}.rule`),
    number: number(raw['number'], `${place}.number`),
    byChannel: Object.fromEntries(
      Object.entries(byChannel).map(([channel, days]) => [channel, number(days, `${place}.by_channel.${channel}`)])),
    unit: oneOf(raw['unit'], UNITS, `${place}.unit`),
    cutoff: textOrNull(raw['cutoff'], `${place}.cutoff`),
    startDay: batch === null || batch === undefined ? null : numberOrNull(map(batch, 'batch')['start_day'], 'batch.start_day'),
    supplement: raw['supplement'] === undefined
      ? null : oneOf(raw['supplement'], SUPPLEMENTS, `${place}.supplement`),
    extensions: raw['extensions'] === undefined ? [] : list(raw['extensions'], `${place}.extensions`).map((each) => {
      const extension = map(each, `${place}.extensions`);
      return {
        number: number(extension['number'], `${place}.extensions.number`),
        mode: oneOf(extension['mode'], ['replaces', 'adds'], `${place}.extensions.mode`),
        applies: textOrNull(extension['applies'], `${place}.extensions.applies`),
      };
    }),
  };
}

function readChoice(value: unknown, place: string): PartLimit['chosenIf'] {
  if (value === null || value === undefined) return null;
  const raw = map(value, place);
  const values = list(raw['in'], `${place}.in`).map((each) => plain(each, `${place}.in`));
  return { field: text(raw['field'], `${place}.field`), values };
}
