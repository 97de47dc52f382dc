/**
 * What people say of a stop (A15): asked by the screen, not by the officer who is rated.
 *
 * An answer names neither person nor dossier nor ticket, and the day but not the hour.
 */
import type { Said } from './work';

export const QUESTIONS = ['overall', 'attitude', 'waiting', 'clarity'] as const;
export type Question = (typeof QUESTIONS)[number];

/** From the best to the worst, as they are offered. */
export const SCORES = [5, 4, 3, 2, 1] as const;
export type Score = (typeof SCORES)[number];

export type Answers = Readonly<Partial<Record<Question, Score>>>;

/** The answers as a record; null where every question was passed over: there is nothing to keep. */
export function surveyOf(stop: { readonly record: string; readonly area: string }, day: string, answers: Answers): Said | null {
  if (QUESTIONS.every((question) => answers[question] === undefined)) return null;
  return { area: stop.area, stop: stop.record, day, ...answers };
}
