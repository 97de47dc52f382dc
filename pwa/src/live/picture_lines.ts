/** Breaks text into lines, for papers that are drawn as pictures. */

/** Gives the lines of a text in the font that is set, none wider than `width` pixels but a lone word. */
export function linesOf(
  context: CanvasRenderingContext2D,
  text: string,
  width: number,
): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && context.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
