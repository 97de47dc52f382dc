/** The hour that a promise comes to when its clock has stood; what is on paper stays as it is. */
import type { Answers } from './answers';
import { OutsideCalendar } from './calendar';
import type { Procedure } from './catalogue';
import { promiseOf } from './deadlines';
import { channelOf, limitsOf, officeUnitOf } from './limits';
import type { Receive, SealedPromise } from './promise';
import { type Supplement, pausesOf } from './supplements';

/** Null where this phone cannot tell: it lacks the calendar that the promise was counted by. */
export function movedDue(
  procedure: Procedure, answers: Answers, promise: SealedPromise, receive: Receive, asked: readonly Supplement[],
): string | null {
  const { calendar, flags } = receive;
  if (calendar?.version !== promise.calendar) return null;
  const limits = limitsOf(procedure, channelOf(procedure), flags, answers);
  try {
    return promiseOf(limits, promise.receivedAt, calendar, officeUnitOf(procedure), pausesOf(asked))?.dueAt ?? null;
  } catch (refusal) {
    if (refusal instanceof OutsideCalendar) return null;
    throw refusal;
  }
}
