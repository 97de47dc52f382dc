/** A receipt as a picture, for sharing and for small printers that know no letters of ours. */
import type { Receipt } from '../procedures/receipt';
import { linesOf } from './picture_lines';

const WIDTH = 720;
const MARGIN = 36;
const FONT = '"Be Vietnam Pro", "Noto Sans", sans-serif';
const INK = '#000';

interface Pen {
  readonly context: CanvasRenderingContext2D;
  y: number;
}

/** Paints the receipt; `squares` is its QR, row by row. Null where the browser gives no picture. */
export async function paintReceipt(receipt: Receipt, squares: readonly (readonly boolean[])[]): Promise<Blob | null> {
  await document.fonts.ready;
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  // Measured by a first painting that is thrown away: only then is it known how tall it is.
  canvas.height = 1;
  const draft = canvas.getContext('2d');
  if (draft === null) return null;
  const height = paint({ context: draft, y: MARGIN }, receipt, squares);
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, WIDTH, height);
  paint({ context, y: MARGIN }, receipt, squares);
  return await new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}

function paint(pen: Pen, receipt: Receipt, squares: readonly (readonly boolean[])[]): number {
  for (const line of [receipt.parent, receipt.unit]) write(pen, line, 22, 'center');
  if (receipt.form !== '') write(pen, receipt.form, 20, 'center');
  gap(pen, 14);
  write(pen, receipt.title.toLocaleUpperCase('vi'), 32, 'center', 700);
  for (const mark of receipt.marks) write(pen, mark, 24, 'center', 700);
  gap(pen, 10);
  drawSquares(pen, squares);
  write(pen, receipt.codeLabel, 22, 'center');
  if (receipt.codeNone === null) write(pen, receipt.code.join('-'), 34, 'center', 700);
  else write(pen, receipt.codeNone, 22, 'center');
  rule(pen);
  if (receipt.due !== null) {
    write(pen, receipt.due.label, 24);
    write(pen, receipt.due.value, 36, 'left', 700);
    rule(pen);
  }
  for (const { label, value } of receipt.lines) {
    write(pen, label, 20);
    write(pen, value, 26, 'left', 600);
    gap(pen, 6);
  }
  list(pen, receipt.papersTitle, receipt.papers);
  if (receipt.missing.length > 0) list(pen, receipt.missingTitle, receipt.missing);
  rule(pen);
  for (const note of receipt.notes) write(pen, note, 24);
  gap(pen, 8);
  write(pen, receipt.place, 22);
  for (const { label, value } of receipt.signatures) write(pen, `${label}: ${value}`, 22);
  return pen.y + MARGIN;
}

function list(pen: Pen, title: string, entries: readonly string[]): void {
  write(pen, title, 20);
  for (const entry of entries) write(pen, entry, 24);
  gap(pen, 6);
}

function write(pen: Pen, text: string, size: number, align: 'left' | 'center' = 'left', weight = 400): void {
  const { context } = pen;
  context.font = `${weight} ${size}px ${FONT}`;
  context.fillStyle = INK;
  context.textAlign = align;
  for (const line of linesOf(context, text, WIDTH - 2 * MARGIN)) {
    // Marks above and below a Vietnamese letter need the room of half a letter more.
    pen.y += Math.round(size * 1.5);
    context.fillText(line, align === 'center' ? WIDTH / 2 : MARGIN, pen.y - Math.round(size * 0.4));
  }
}

function drawSquares(pen: Pen, squares: readonly (readonly boolean[])[]): void {
  const side = Math.floor(220 / Math.max(1, squares.length));
  const left = Math.round((WIDTH - side * squares.length) / 2);
  pen.context.fillStyle = INK;
  squares.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (dark) pen.context.fillRect(left + x * side, pen.y + y * side, side, side);
    });
  });
  pen.y += side * squares.length + 10;
}

function rule(pen: Pen): void {
  gap(pen, 12);
  pen.context.fillStyle = INK;
  pen.context.fillRect(MARGIN, pen.y, WIDTH - 2 * MARGIN, 2);
  gap(pen, 10);
}

function gap(pen: Pen, height: number): void {
  pen.y += height;
}
