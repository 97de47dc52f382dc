/** When a record beside dossiers asks nothing more of this phone, so that it may leave. */
import { isOnTheWay, isOpen } from './results';
import type { Work } from './work';

/** Trips, stops, tickets and handovers name no citizen and stay. */
export function isEnded({ kind, said }: Work): boolean {
  switch (kind) {
    case 'result_delivery': return !isOpen(said) && !isOnTheWay(said);
    case 'custody': return said['status'] === 'returned';
    // Said once at a stop and shown on no phone again: its answer is the office's work.
    case 'petition': case 'satisfaction_survey': return true;
    default: return false;
  }
}
