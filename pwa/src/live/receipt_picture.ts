/** A receipt as a picture, for sharing and for small printers that know no letters of ours. */
import { DOTS, type Roll } from '../device/thermal';
import type { Receipt } from '../procedures/receipt';
import { linesOf } from './picture_lines';

const FONT = '"Be Vietnam Pro", "Noto Sans", sans-serif';
const INK = '#000';

/** How wide, and how large what is written there; `signing` is left free to sign by hand. */
interface Sheet {
  readonly width: number;
  readonly margin: number;
  readonly smallest: number;
  /** Of a line, by the size of its letters. */
  readonly leading: number;
  readonly signing: number;
}

const SHARED: Sheet = { width: 720, margin: 36, smallest: 20, leading: 1.5, signing: 0 };
/** Dots of a small printer, eight a millimetre: its smallest letters are of 8 points. Paper and time are short. */
const ROLLS: Readonly<Record<Roll, Sheet>> = {
  roll58: { width: DOTS.roll58, margin: 4, smallest: 23, leading: 1.4, signing: 96 },
  roll80: { width: DOTS.roll80, margin: 8, smallest: 23, leading: 1.4, signing: 96 },
};

interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly sheet: Sheet;
  y: number;
}

type Squares = readonly (readonly boolean[])[];

/** Paints the receipt to be shared; `squares` is its QR, row by row. Null where the browser gives no picture. */
export async function paintReceipt(receipt: Receipt, squares: Squares): Promise<Blob | null> {
  const canvas = (await drawReceipt(receipt, squares, SHARED))?.canvas;
  return canvas === undefined ? null : await new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}

/** The points of the receipt as a small printer prints them, dot by dot. */
export async function pointsOfReceipt(receipt: Receipt, squares: Squares, roll: Roll): Promise<ImageData | null> {
  const context = await drawReceipt(receipt, squares, ROLLS[roll]);
  return context === null ? null : context.getImageData(0, 0, context.canvas.width, context.canvas.height);
}

async function drawReceipt(receipt: Receipt, squares: Squares, sheet: Sheet): Promise<CanvasRenderingContext2D | null> {
  await document.fonts.ready;
  const canvas = document.createElement('canvas');
  canvas.width = sheet.width;
  // Measured by a first painting that is thrown away: only then is it known how tall it is.
  canvas.height = 1;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  const height = paint({ context, sheet, y: sheet.margin }, receipt, squares);
  canvas.height = height;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, sheet.width, height);
  paint({ context, sheet, y: sheet.margin }, receipt, squares);
  return context;
}

function paint(pen: Pen, receipt: Receipt, squares: Squares): number {
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
  for (const { label, value } of receipt.signatures) sign(pen, label, value);
  return pen.y + pen.sheet.margin;
}

function list(pen: Pen, title: string, entries: readonly string[]): void {
  write(pen, title, 20);
  for (const entry of entries) write(pen, entry, 24);
  gap(pen, 6);
}

function sign(pen: Pen, label: string, value: string): void {
  if (pen.sheet.signing === 0) {
    write(pen, `${label}: ${value}`, 22);
    return;
  }
  write(pen, label, 22, 'center');
  gap(pen, pen.sheet.signing);
  write(pen, value, 22, 'center', 600);
}

function write(pen: Pen, text: string, points: number, align: 'left' | 'center' = 'left', weight = 400): void {
  const { context, sheet: { width, margin, smallest, leading } } = pen;
  const size = Math.max(smallest, points);
  context.font = `${weight} ${size}px ${FONT}`;
  context.fillStyle = INK;
  context.textAlign = align;
  for (const line of linesOf(context, text, width - 2 * margin)) {
    // Marks above and below a Vietnamese letter need the room of half a letter more.
    pen.y += Math.round(size * leading);
    context.fillText(line, align === 'center' ? width / 2 : margin, pen.y - Math.round(size * (leading - 1.1)));
  }
}

function drawSquares(pen: Pen, squares: Squares): void {
  const side = Math.floor(220 / Math.max(1, squares.length));
  const left = Math.round((pen.sheet.width - side * squares.length) / 2);
  pen.context.fillStyle = INK;
  squares.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (dark) pen.context.fillRect(left + x * side, pen.y + y * side, side, side);
    });
  });
  pen.y += side * squares.length + 10;
}

function rule(pen: Pen): void {
  const { context, sheet: { width, margin } } = pen;
  gap(pen, 12);
  context.fillStyle = INK;
  context.fillRect(margin, pen.y, width - 2 * margin, 2);
  gap(pen, 10);
}

function gap(pen: Pen, height: number): void {
  pen.y += height;
}
