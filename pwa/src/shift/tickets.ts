/**
 * Queue tickets of one stop and day (UX-44).
 *
 * 1. A number is given without a network, and no two are the same: every seat has letters of its
 *    own, made from its number, which the office gives to one seat only.
 * 2. A ticket carries no name: numbers may stay on a phone when the people have gone.
 */
import { type Work, ofKind, textOf } from './work';

/** Without I and O, which are read as 1 and 0. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
/** Seats of one life of the office; each life counts from a million of its own. */
const SPAN = 1_000_000;

export const PRIORITIES = ['old', 'disabled', 'pregnant', 'merit', 'other'] as const;
export type Priority = (typeof PRIORITIES)[number];

export type TicketStatus = 'waiting' | 'called' | 'skipped' | 'serving' | 'done' | 'left';

export interface Ticket {
  readonly record: string;
  readonly number: string;
  readonly status: TicketStatus;
  /** Null for who has none. */
  readonly priority: Priority | null;
  readonly reason: string;
  readonly issuedAt: string;
  /** When it was last called, skipped or served. */
  readonly movedAt: string;
  /** The seat that moved it last. */
  readonly movedBy: number;
}

export interface Queue {
  /** In the order in which they are called. */
  readonly waiting: readonly Ticket[];
  readonly called: readonly Ticket[];
  readonly serving: readonly Ticket[];
  readonly skipped: readonly Ticket[];
  readonly served: number;
}

/** The letters of a seat: B, C … Z, AA …; from a later life of the office with its count behind. */
export function lettersOf(seat: number): string {
  const life = Math.floor((seat - 1) / SPAN);
  let letters = '';
  for (let rest = ((seat - 1) % SPAN) + 1; rest > 0; rest = Math.floor((rest - 1) / LETTERS.length)) {
    letters = `${LETTERS[(rest - 1) % LETTERS.length] ?? ''}${letters}`;
  }
  return life === 0 ? letters : `${letters}${life + 1}-`;
}

/** The next number that a seat gives out at a stop on a day. */
export function nextNumber(all: readonly Work[], seat: number, stop: string, day: string): string {
  const letters = lettersOf(seat);
  const given = ticketsAt(all, stop, day)
    .map((work) => textOf(work, 'number'))
    .filter((number) => number.startsWith(letters) && /^\d+$/u.test(number.slice(letters.length)))
    .map((number) => Number(number.slice(letters.length)));
  return `${letters}${Math.max(0, ...given) + 1}`;
}

export function queueOf(all: readonly Work[], stop: string, day: string): Queue {
  const tickets = ticketsAt(all, stop, day).map(ticketOf);
  const of = (status: TicketStatus): Ticket[] => tickets.filter((ticket) => ticket.status === status);
  const lastMoved = (one: Ticket, other: Ticket): number => (one.movedAt < other.movedAt ? 1 : -1);
  return {
    // Whoever was skipped and came back stands where they stood: they had waited already.
    waiting: of('waiting').sort(inTurn),
    called: of('called').sort(lastMoved),
    serving: of('serving').sort(lastMoved),
    skipped: of('skipped').sort(lastMoved),
    served: of('done').length,
  };
}

/** All tickets of a stop, of any day and in any state. */
export function ticketsOf(all: readonly Work[], stop: string): Ticket[] {
  return ofKind(all, 'queue_ticket').filter((work) => work.said['stop'] === stop).map(ticketOf);
}

function inTurn(one: Ticket, other: Ticket): number {
  const first = Number(one.priority === null) - Number(other.priority === null);
  if (first !== 0) return first;
  const by = ({ issuedAt, record }: Ticket): string => `${issuedAt} ${record}`;
  return by(one) < by(other) ? -1 : 1;
}

function ticketsAt(all: readonly Work[], stop: string, day: string): Work[] {
  return ofKind(all, 'queue_ticket').filter(({ said }) => said['stop'] === stop && said['day'] === day);
}

function ticketOf(work: Work): Ticket {
  const priority = PRIORITIES.find((one) => one === work.said['priority']) ?? null;
  return {
    record: work.record,
    number: textOf(work, 'number'),
    status: statusOf(textOf(work, 'status')),
    priority,
    reason: textOf(work, 'reason'),
    issuedAt: textOf(work, 'issued_at'),
    movedAt: textOf(work, 'moved_at'),
    movedBy: work.authors.get('status')?.seat ?? 0,
  };
}

function statusOf(text: string): TicketStatus {
  switch (text) {
    case 'called': case 'skipped': case 'serving': case 'done': case 'left': return text;
    default: return 'waiting';
  }
}
