/** The paper of the printer: a style sheet of its own, since `@page` cannot follow a class. */
const PIXELS_PER_MM = 96 / 25.4;
/** What a small printer needs below the last line before it cuts. */
const TAIL_MM = 12;

/**
 * Sets the page for as long as a paper is shown, in mm; the answer takes it back. In place of a
 * height stands what is printed on a roll, which is as long as that.
 */
export function setPrintPage(width: number, tall: number | HTMLElement | null, margin: number): () => void {
  const before = document.adoptedStyleSheets;
  const sheet = new CSSStyleSheet();
  const height = typeof tall === 'number' ? tall : Math.ceil((tall?.scrollHeight ?? 0) / PIXELS_PER_MM) + TAIL_MM;
  sheet.replaceSync(`@page { size: ${width}mm ${height}mm; margin: ${margin}mm; }`);
  document.adoptedStyleSheets = [...before, sheet];
  return () => { document.adoptedStyleSheets = before; };
}
