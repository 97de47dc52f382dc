/**
 * What may be promised when a dossier is sealed, and what a sealed one was promised.
 *
 * 1. Only an officer with the right to receive starts the clock, and only for a complete dossier;
 *    a helper gives a provisional acknowledgement, which promises no date.
 * 2. The promise is made once, with the seal. Nothing here ever moves it.
 */
import type { Value } from '../sync/pack';
import type { Answers } from './answers';
import { type Calendar, OutsideCalendar } from './calendar';
import type { Procedure } from './catalogue';
import { type Promised, promiseOf } from './deadlines';
import { dayOf, writeTime } from './format';
import { channelOf, limitsOf, officeUnitOf } from './limits';
import { type Papers, missingPapers } from './papers';
import { skippedIn } from './skipping';

/** Why nothing is promised. `chosen`: the officer gives an acknowledgement although they might. */
export type NoPromise = 'helper' | 'incomplete' | 'outside-calendar' | 'no-calendar' | 'no-limit' | 'chosen';

export type Prospect =
  | { readonly kind: 'promise'; readonly receivedAt: string; readonly promised: Promised }
  | { readonly kind: 'none'; readonly why: NoPromise };

/** Who receives, where, by which calendar. */
export interface Receive {
  /** The area's. */
  readonly flags: readonly string[];
  readonly calendar: Calendar | null;
  readonly role: string;
}

export interface Reception extends Receive {
  readonly procedure: Procedure;
  /** As they would be sealed. */
  readonly answers: Answers;
  readonly papers: Papers;
  readonly acknowledgeOnly: boolean;
}

/** Roles whose reception is official; everybody else helps. */
const RECEIVING = new Set(['receiving_officer', 'case_officer']);

export function mayReceive(role: string): boolean {
  return RECEIVING.has(role);
}

/** What would be promised of a dossier received at this moment, in ms of the office's time. */
export function prospectOf(reception: Reception, receivedMs: number): Prospect {
  const { procedure, answers, papers, calendar } = reception;
  if (!mayReceive(reception.role)) return { kind: 'none', why: 'helper' };
  if (missingPapers(procedure, answers, papers).length > 0 || skippedIn(answers).length > 0) return { kind: 'none', why: 'incomplete' };
  if (reception.acknowledgeOnly) return { kind: 'none', why: 'chosen' };
  if (calendar === null) return { kind: 'none', why: 'no-calendar' };
  const receivedAt = civilMinute(receivedMs);
  const limits = limitsOf(procedure, channelOf(procedure), reception.flags, answers);
  try {
    const promised = promiseOf(limits, receivedAt, calendar, officeUnitOf(procedure));
    return promised === null ? { kind: 'none', why: 'no-limit' } : { kind: 'promise', receivedAt, promised };
  } catch (refusal) {
    if (!(refusal instanceof OutsideCalendar)) throw refusal;
    return { kind: 'none', why: 'outside-calendar' };
  }
}

/** The fields that the sealing change carries; none where nothing is promised. */
export function fieldsOf(prospect: Prospect): Readonly<Record<string, Value>> {
  if (prospect.kind === 'none') return {};
  const { receivedAt, promised } = prospect;
  return {
    received_at: `${receivedAt}${ZONE}`,
    due_at: `${promised.dueAt}${ZONE}`,
    due_rule: promised.rule,
    calendar_version: promised.calendar,
  };
}

/** What a sealed dossier was promised, by the fields of its record; null if nothing was. */
export interface SealedPromise {
  /** `YYYY-MM-DDTHH:MM`, in Vietnam. */
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly rule: string;
  readonly calendar: string;
}

export function sealedPromise(value: (field: string) => Value): SealedPromise | null {
  const receivedAt = minuteIn(value('received_at'));
  const dueAt = minuteIn(value('due_at'));
  if (receivedAt === null || dueAt === null) return null;
  const text = (field: string): string => {
    const found = value(field);
    return typeof found === 'string' ? found : '';
  };
  return { receivedAt, dueAt, rule: text('due_rule'), calendar: text('calendar_version') };
}

/** Whether a promise will be past before the office can have heard of the dossier. */
export function isAtRisk(prospect: Prospect, isOnline: boolean): boolean {
  return prospect.kind === 'promise' && !isOnline
    && prospect.promised.dueAt.slice(0, 10) === prospect.receivedAt.slice(0, 10);
}

export function isPast(dueAt: string, nowMs: number): boolean {
  return dueAt < civilMinute(nowMs);
}

/** The minute in Vietnam as `YYYY-MM-DDTHH:MM`, whatever the phone's own zone is. */
export function civilMinute(ms: number): string {
  return `${dayOf(ms)}T${writeTime(ms)}`;
}

const ZONE = ':00+07:00';
const MINUTE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}):\d{2}\+07:00$/u;

function minuteIn(value: Value): string | null {
  return typeof value === 'string' ? MINUTE.exec(value)?.[1] ?? null : null;
}
