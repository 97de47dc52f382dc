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

/** Those whose text holds every word that is sought; exact tones first, otherwise in their order. */
export function found<T>(items: readonly T[], sought: string, textOf: (item: T) => string): readonly T[] {
  const words = fold(sought).split(' ').filter((word) => word !== '');
  if (words.length === 0) return items;
  const exact = sought.normalize('NFC').toLowerCase().trim();
  const hits = items.filter((item) => {
    const folded = fold(textOf(item));
    return words.every((word) => folded.includes(word));
  });
  const isExact = (item: T): boolean => textOf(item).normalize('NFC').toLowerCase().includes(exact);
  return [...hits.filter(isExact), ...hits.filter((item) => !isExact(item))];
}
