/**
 * What people say of a stop (A15): asked by the screen, not by the officer who is rated.
 *
 * An answer names neither person nor dossier nor ticket, and the day but not the hour.
 */
import type { Value } from '../sync/pack';
import type { Said } from './work';

export const QUESTIONS = ['overall', 'attitude', 'waiting', 'clarity'] as const;
export type Question = (typeof QUESTIONS)[number];

/** From the best to the worst, as they are offered. */
export const SCORES = [5, 4, 3, 2, 1] as const;
export type Score = (typeof SCORES)[number];

export type Answers = Readonly<Partial<Record<Question, Score>>>;

/** A survey in the middle: how far it is, and what was answered. */
export interface HalfAnswered {
  readonly at: number;
  readonly answers: Answers;
}

/** Null where nothing was answered yet. */
export function packSurvey({ at, answers }: HalfAnswered): Value {
  return Object.keys(answers).length === 0 ? null : { at, ...answers };
}

/** Null where none was left in the middle. */
export function surveyIn(kept: Value): HalfAnswered | null {
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept) || kept instanceof Uint8Array) return null;
  const { at, ...said } = kept as Readonly<Record<string, Value>>;
  if (typeof at !== 'number' || QUESTIONS[at] === undefined) return null;
  const given = QUESTIONS.flatMap((question) => {
    const score = SCORES.find((one) => one === said[question]);
    return score === undefined ? [] : [[question, score] as const];
  });
  return { at, answers: Object.fromEntries(given) };
}

/** The answers as a record; null where every question was passed over: there is nothing to keep. */
export function surveyOf(stop: { readonly record: string; readonly area: string }, day: string, answers: Answers): Said | null {
  if (QUESTIONS.every((question) => answers[question] === undefined)) return null;
  return { area: stop.area, stop: stop.record, day, ...answers };
}
