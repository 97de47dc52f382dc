/**
 * The card that goes with a birth certificate (A16): what it says, and what is drawn on it.
 *
 * It is a gift of the office to a family, so it is in Vietnamese whatever language the app speaks.
 */
import words from '../words/greeting_card.vi.json';

export interface Greeting {
  readonly title: string;
  readonly line: string;
  readonly name: string;
  readonly born: string;
  readonly wish: string;
  readonly family: string;
  readonly place: string;
  readonly office: readonly string[];
}

/** What is known of the result: whose birth it certifies, and when it was handed back. */
export interface Certificate {
  readonly newborn: string;
  readonly bornOn: string;
  /** ISO civil time with zone; empty before. */
  readonly handedAt: string;
}

export interface Giver {
  /** The office and the one above it, as on its papers. */
  readonly office: string;
  readonly parent: string;
  readonly areaName: string;
  /** `YYYY-MM-DD`, of the day when nobody has handed it back yet. */
  readonly today: string;
}

/** Null where a result certifies no birth of this year. */
export function greetingOf({ newborn, bornOn, handedAt }: Certificate, giver: Giver): Greeting | null {
  if (newborn === '' || bornOn === '') return null;
  const given = handedAt === '' ? giver.today : handedAt.slice(0, 10);
  return {
    title: words.title, line: words.line, name: newborn, born: fill(words.born, bornOn),
    wish: words.wish, family: words.family,
    place: fill(words.place, given).replace('{place}', giver.areaName),
    office: [giver.parent, giver.office].filter((line) => line !== ''),
  };
}

function fill(sentence: string, day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return sentence.replace('{day}', date).replace('{month}', month).replace('{year}', year);
}

/** One stroke or surface of the drawing, on a grid of 120: a seedling of rice before a rising sun. */
export interface Shape {
  readonly path: string;
  readonly fill: Tint | null;
  readonly stroke: Tint | null;
  readonly width: number;
}

/** Turmeric, young rice and indigo, as everywhere in the app. */
export const TINTS = { sun: '#f0b95a', rice: '#2f7a45', field: '#26397c', red: '#c2483a' } as const;
export type Tint = keyof typeof TINTS;

const surface = (path: string, fill: Tint): Shape => ({ path, fill, stroke: null, width: 0 });
const line = (path: string, stroke: Tint, width: number): Shape => ({ path, fill: null, stroke, width });

/** Where the leaf stands in the light there is no ray: only its tip would show. */
export const SEEDLING: readonly Shape[] = [
  surface('M26 84A34 34 0 0 1 94 84Z', 'sun'),
  line('M60 41V30M37 47 31 38M22 62 13 57M98 62 107 57', 'sun', 3),
  line('M60 92C60 80 60 70 60 58', 'rice', 3.4),
  surface('M60 78C46 77 35 68 31 53C47 54 58 63 60 78Z', 'rice'),
  surface('M60 67C60 51 71 40 89 36C90 53 79 65 60 67Z', 'rice'),
  line('M18 92Q60 79 102 92', 'field', 2.6),
  line('M9 102Q60 88 111 102', 'field', 2.6),
  line('M0 112Q60 97 120 112', 'field', 2.6),
];

/** The brocade band: so many diamonds side by side, on a height of 8. */
export function brocade(count: number): readonly Shape[] {
  return Array.from({ length: count }, (_, index) => {
    const x = index * 12 + 6;
    const tint = index % 2 === 0 ? 'sun' : 'red';
    return surface(`M${x} 1 ${x + 3} 4 ${x} 7 ${x - 3} 4Z`, tint);
  });
}
