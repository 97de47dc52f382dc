/** The greeting card as a picture, to be shared: the same words and shapes as on paper. */
import { SEEDLING, TINTS, brocade, type Greeting, type Shape } from '../procedures/greeting';
import { linesOf } from './picture_lines';

const WIDTH = 1080;
const HEIGHT = 1530;
const MARGIN = 96;
const BAND = 48;
const DIAMONDS = 15;
const SEEDLING_WIDTH = 540;
const GRID = 120;
const FONT = '"Be Vietnam Pro", "Noto Sans", sans-serif';

interface Text {
  readonly text: string;
  readonly size: number;
  readonly weight: number;
  readonly colour: string;
}

/** Null where the browser gives no picture. */
export async function paintGreeting(greeting: Greeting): Promise<Blob | null> {
  await document.fonts.ready;
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.fillStyle = '#fffdf6';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (const top of [0, HEIGHT - BAND]) paintBand(context, top);
  let y = BAND + 48;
  for (const text of greeting.office) y = write(context, y, { text, size: 28, weight: 400, colour: INK });
  paintShapes(context, SEEDLING, (WIDTH - SEEDLING_WIDTH) / 2, y - 50, SEEDLING_WIDTH / GRID);
  y += 500;
  for (const each of textsOf(greeting)) y = write(context, y, each);
  const place = { text: greeting.place, size: 30, weight: 400, colour: INK };
  write(context, HEIGHT - BAND - 48 - Math.round(30 * 1.5) * linesIn(context, place).length, place);
  return await new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}

const INK = '#1b2130';

function textsOf({ title, line, name, born, wish, family }: Greeting): readonly Text[] {
  return [
    { text: title, size: 92, weight: 600, colour: TINTS.field },
    { text: line, size: 50, weight: 400, colour: TINTS.field },
    { text: name, size: name.length > 40 ? 52 : 68, weight: 600, colour: '#9c2b1f' },
    { text: born, size: 38, weight: 400, colour: INK },
    { text: wish, size: 38, weight: 400, colour: INK },
    { text: family, size: 38, weight: 600, colour: '#26693a' },
  ];
}

/** Writes in the middle, from this height on; answers the height below. */
function write(context: CanvasRenderingContext2D, top: number, text: Text): number {
  context.font = `${text.weight} ${text.size}px ${FONT}`;
  context.fillStyle = text.colour;
  context.textAlign = 'center';
  let y = top;
  for (const line of linesIn(context, text)) {
    // Marks above and below a Vietnamese letter need the room of half a letter more.
    y += Math.round(text.size * 1.5);
    context.fillText(line, WIDTH / 2, y - Math.round(text.size * 0.4));
  }
  return y + 16;
}

function linesIn(context: CanvasRenderingContext2D, { text, size, weight }: Text): readonly string[] {
  context.font = `${weight} ${size}px ${FONT}`;
  return linesOf(context, text, WIDTH - 2 * MARGIN);
}

function paintBand(context: CanvasRenderingContext2D, top: number): void {
  context.fillStyle = TINTS.field;
  context.fillRect(0, top, WIDTH, BAND);
  paintShapes(context, brocade(DIAMONDS), 0, top, WIDTH / (DIAMONDS * 12));
}

function paintShapes(context: CanvasRenderingContext2D, shapes: readonly Shape[], left: number, top: number, scale: number): void {
  context.save();
  context.translate(left, top);
  context.scale(scale, scale);
  context.lineCap = 'round';
  for (const { path, fill, stroke, width } of shapes) {
    const drawn = new Path2D(path);
    if (fill !== null) {
      context.fillStyle = TINTS[fill];
      context.fill(drawn);
    }
    if (stroke !== null) {
      context.strokeStyle = TINTS[stroke];
      context.lineWidth = width;
      context.stroke(drawn);
    }
  }
  context.restore();
}
