/** Who had a dossier in hand before the one who sealed it: a field of the sealing change. */
import type { Value } from '../sync/pack';

/** A list, in order: the first began it. Each handed the draft over to a colleague at the same phone. */
export const HANDED_OVER = 'intake.handed_over';

export interface HandSaid {
  readonly by: string;
  /** When it was handed over, as ISO civil time with zone. */
  readonly at: string;
}

interface Hand {
  readonly seat: number;
  readonly person: string;
  readonly at: number;
}

export function handsToSeal(hands: readonly Hand[], civil: (ms: number) => string): Value {
  return hands.map(({ seat, person, at }) => ({ by: person, seat, at: civil(at) }));
}

/** What a dossier says of it; whatever is of no such shape is passed over. */
export function handsIn(value: Value | undefined): readonly HandSaid[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Value[]).flatMap((one) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one) || one instanceof Uint8Array) return [];
    const { by, at } = one as Readonly<Record<string, Value>>;
    return typeof by === 'string' && typeof at === 'string' ? [{ by, at }] : [];
  });
}
