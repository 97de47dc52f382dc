/** Breaks text into lines, for papers that are drawn as pictures. */

/** Gives the lines of a text in the font that is set, none wider than `width` pixels but a lone letter. */
export function linesOf(
  context: CanvasRenderingContext2D,
  text: string,
  width: number,
): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (context.measureText(longer).width <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = piecesOf(context, word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

/** A word that has no line to itself, an address of mail for one: behind a hyphen, else in the middle. */
function piecesOf(context: CanvasRenderingContext2D, word: string, width: number): readonly string[] {
  const isTooWide = (text: string): boolean => context.measureText(text).width > width;
  const pieces: string[] = [];
  let piece = '';
  for (const part of isTooWide(word) ? word.split(/(?<=-)/u).flatMap((each) => (isTooWide(each) ? each.split(/(?<!^)/u) : [each])) : [word]) {
    if (piece !== '' && isTooWide(piece + part)) {
      pieces.push(piece);
      piece = part;
    } else piece += part;
  }
  return [...pieces, piece];
}
