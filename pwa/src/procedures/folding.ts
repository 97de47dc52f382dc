/** Search without tone marks: hoà, hòa and HOA are one word; an exact spelling still ranks first. */

/** Splits the marks off, drops them, đ to d by hand, lower case, single spaces. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[đĐ]/gu, 'd')
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .trim();
}

/** A text as it is searched; of those that many searches look through it is kept (`searched.ts`). */
export interface Folded {
  readonly folded: string;
  /** As it is written, so that an exact spelling can rank first. */
  readonly spelt: string;
}

export function foldedOf(text: string): Folded {
  return { folded: fold(text), spelt: text.normalize('NFC').toLowerCase() };
}

/** Both, to be searched as one. */
export function joined(one: Folded, other: Folded): Folded {
  return { folded: `${one.folded} ${other.folded}`, spelt: `${one.spelt} ${other.spelt}` };
}

/** Those whose text holds every word that is sought; exact tones first, otherwise in their order. */
export function found<T>(items: readonly T[], sought: string, textOf: (item: T) => string | Folded): readonly T[] {
  const words = fold(sought).split(' ').filter((word) => word !== '');
  if (words.length === 0) return items;
  const exact = sought.normalize('NFC').toLowerCase().trim();
  const hits = items.flatMap((item) => {
    const text = textOf(item);
    const { folded, spelt } = typeof text === 'string' ? foldedOf(text) : text;
    return words.every((word) => folded.includes(word)) ? [{ item, isExact: spelt.includes(exact) }] : [];
  });
  return [...hits.filter(({ isExact }) => isExact), ...hits.filter(({ isExact }) => !isExact)].map(({ item }) => item);
}
