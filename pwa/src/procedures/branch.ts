/** The office as it is named on its papers, whom a citizen calls, how long work may wait; from the reference data. */
import { map, numberOrNull, text } from './unknown';

export interface Branch {
  readonly name: string;
  readonly parent: string;
  readonly hotline: string;
  /** From how many hours on unsent work is amber, and from how many red (UX-39). */
  readonly unsentHours: { readonly amber: number; readonly red: number };
}

const HOUR_MS = 3_600_000;
/** Of an office that does not say. */
const AMBER_HOURS = 8;
const RED_HOURS = 24;

export interface Wait {
  /** Whole hours. */
  readonly hours: number;
  readonly tone: 'calm' | 'amber' | 'red';
}

/** How long the oldest unsent thing has waited, and whether that is too long for this office. */
export function waitOf(oldestMs: number, nowMs: number, branch: Branch | null): Wait {
  const hours = Math.max(0, Math.floor((nowMs - oldestMs) / HOUR_MS));
  const { amber, red } = branch?.unsentHours ?? { amber: AMBER_HOURS, red: RED_HOURS };
  return { hours, tone: hours >= red ? 'red' : hours >= amber ? 'amber' : 'calm' };
}

export function readBranch(value: unknown): Branch {
  const raw = map(value, 'branch');
  return {
    name: text(raw['name_vi'], 'branch.name_vi'),
    parent: text(raw['parent_vi'], 'branch.parent_vi'),
    hotline: text(raw['hotline'], 'branch.hotline'),
    unsentHours: {
      amber: numberOrNull(raw['unsent_amber_hours'], 'branch.unsent_amber_hours') ?? AMBER_HOURS,
      red: numberOrNull(raw['unsent_red_hours'], 'branch.unsent_red_hours') ?? RED_HOURS,
    },
  };
}
