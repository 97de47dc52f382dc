/** Queue numbers and turns (A14, UX-44). */
import { describe, expect, it } from 'vitest';
import { lettersOf, nextNumber, queueOf } from '../../src/shift/tickets';
import { work } from './making';

const STOP = 'a'.repeat(32);
const DAY = '2026-11-22';

function ticket(number: string, more: Record<string, string> = {}) {
  const issued_at = `${DAY}T08:00:0${number.slice(1)}+07:00`;
  return work('queue_ticket', { stop: STOP, day: DAY, number, status: 'waiting', issued_at, ...more });
}

describe('numbers', () => {
  it('are of a seat alone: no two seats ever give the same', () => {
    const seats = Array.from({ length: 700 }, (_, at) => at + 1);
    const all = [...seats, ...seats.map((seat) => seat + 1_000_000), ...seats.map((seat) => seat + 2_000_000)];
    const numbers = all.flatMap((seat) => [1, 2, 11, 21].map((n) => `${lettersOf(seat)}${n}`));

    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.join('')).not.toMatch(/[IO]/u);
    expect([1, 2, 24, 25, 26, 1_000_002].map(lettersOf)).toEqual(['A', 'B', 'Z', 'AA', 'AB', 'B2-']);
  });

  it('go on from the highest of this seat, this stop and this day', () => {
    const tickets = [
      ticket('C1'), ticket('C4'), ticket('D9'), ticket('CA7'),
      work('queue_ticket', { stop: STOP, day: '2026-11-21', number: 'C30', status: 'done' }),
      work('queue_ticket', { stop: 'b'.repeat(32), day: DAY, number: 'C20', status: 'done' }),
    ];

    expect(nextNumber(tickets, 3, STOP, DAY)).toBe('C5');
    expect(nextNumber(tickets, 5, STOP, DAY)).toBe('E1');
  });
});

describe('turns', () => {
  it('go by the time of the ticket, whoever gave it; old, disabled and pregnant people first', () => {
    const tickets = [ticket('C2'), ticket('D1'), ticket('C3', { priority: 'old' }), ticket('D5', { priority: 'pregnant' })];

    expect(queueOf(tickets, STOP, DAY).waiting.map(({ number }) => number)).toEqual(['C3', 'D5', 'D1', 'C2']);
  });

  it('keep the place of who was skipped and came back', () => {
    const skipped = [ticket('C1', { status: 'skipped' }), ticket('C2')];
    const back = [ticket('C1', { moved_at: `${DAY}T09:00:00+07:00` }), ticket('C2')];

    expect(queueOf(skipped, STOP, DAY).waiting.map(({ number }) => number)).toEqual(['C2']);
    expect(queueOf(skipped, STOP, DAY).skipped.map(({ number }) => number)).toEqual(['C1']);
    expect(queueOf(back, STOP, DAY).waiting.map(({ number }) => number)).toEqual(['C1', 'C2']);
  });

  it('count who was served, and take a state that nobody knows for waiting', () => {
    const queue = queueOf([ticket('C1', { status: 'done' }), ticket('C2', { status: 'asleep' })], STOP, DAY);

    expect(queue.served).toBe(1);
    expect(queue.waiting).toHaveLength(1);
  });
});
