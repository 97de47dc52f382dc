/**
 * Odd answers that somebody let pass, each with a reason (UX-35); sealed with the dossier.
 *
 * 1. A reason holds for the warnings that stood when it was given: another one asks anew.
 * 2. It goes when one of the answers that it is about is edited.
 */
import type { Value } from '../sync/pack';
import type { Answers } from './answers';
import { isBlank } from './answers';
import type { Procedure } from './catalogue';
import type { Warning } from './warnings';
import { questionsOf, visibleGroups } from './visibility';
import { warningsOf } from './warnings';

export const PASSED = 'intake.passed';
export const REASONS = ['on_paper', 'confirmed', 'being_corrected', 'other'] as const;
/** Why a question is skipped (`skipping.ts`). */
export const SKIP_REASONS = ['unknown', 'later', 'other'] as const;
export type Reason = (typeof REASONS | typeof SKIP_REASONS)[number];
/** Stands among the codes of an answer that is not there. */
export const SKIPPED = 'unanswered';

export interface Passed {
  readonly name: string;
  /** Answers beside it that the warnings are about. */
  readonly beside: readonly string[];
  readonly codes: readonly string[];
  readonly reason: Reason;
  /** Needed where the reason is another one. */
  readonly words: string;
  readonly by: string;
  /** ISO civil time with zone. */
  readonly at: string;
}

export type Given = Pick<Passed, 'reason' | 'words' | 'by' | 'at'>;

export function passedIn(value: Value | undefined): readonly Passed[] {
  return Array.isArray(value) ? (value as readonly Value[]).flatMap((each) => readPassed(each)) : [];
}

function readPassed(value: Value): readonly Passed[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) return [];
  const { name, beside, codes, reason, words, by, at } = value as Readonly<Record<string, Value>>;
  const known = [...REASONS, ...SKIP_REASONS].find((each) => each === reason);
  if (known === undefined || typeof name !== 'string' || typeof by !== 'string' || typeof at !== 'string') return [];
  return [{ name, beside: texts(beside), codes: texts(codes), reason: known, words: typeof words === 'string' ? words : '', by, at }];
}

function texts(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** The reason that is being given for an answer, also while its words are still missing. */
export function passOf(name: string, answers: Answers): Passed | null {
  return passedIn(answers[PASSED]).find((each) => each.name === name) ?? null;
}

/** Warnings that nobody has let pass. */
export function openWarnings(procedure: Procedure, answers: Answers): readonly Warning[] {
  return warningsOf(procedure, answers).filter(({ name, code }) => {
    const pass = passOf(name, answers);
    return pass === null || !pass.codes.includes(code) || !isWhole(pass);
  });
}

/** Another reason needs words. */
export function isWhole({ reason, words }: Passed): boolean {
  return reason !== 'other' || words.trim() !== '';
}

/** Lets the warnings of one answer pass; null takes the reason back. */
export function letPass(name: string, warnings: readonly Warning[], given: Given | null, answers: Answers): Answers {
  const others = passedIn(answers[PASSED]).filter((each) => each.name !== name);
  const own = warnings.filter((each) => each.name === name);
  const beside = own.flatMap((each) => (each.beside === null ? [] : [each.beside]));
  return kept(given === null ? others : [...others, { name, beside, codes: own.map(({ code }) => code), ...given }]);
}

/** The reasons that an edit leaves standing; nothing where all do. */
export function withoutStale(answers: Answers, edits: Answers): Answers {
  const all = passedIn(answers[PASSED]);
  const left = all.filter(({ name, beside }) =>
    [name, ...beside].every((each) => !(each in edits) || edits[each] === answers[each]));
  return left.length === all.length ? {} : kept(left);
}

/** What to seal: reasons for what is odd or open still. */
export function passedToSeal(procedure: Procedure, answers: Answers): Answers {
  const warnings = warningsOf(procedure, answers);
  const asked = new Set(visibleGroups(procedure, answers).flatMap((group) => questionsOf(procedure, group, answers)).map(({ name }) => name));
  const isOpen = (name: string): boolean => asked.has(name) && isBlank(answers[name]);
  const standing = passedIn(answers[PASSED]).flatMap((pass) => {
    const codes = pass.codes.filter((code) => (code === SKIPPED && isOpen(pass.name))
      || warnings.some((each) => each.name === pass.name && each.code === code));
    return codes.length > 0 && isWhole(pass) ? [{ ...pass, codes, words: pass.words.normalize('NFC').trim() }] : [];
  });
  return standing.length === 0 ? {} : kept(standing);
}

export function kept(passed: readonly Passed[]): Answers {
  return { [PASSED]: passed.map((each) => ({ ...each })) };
}
