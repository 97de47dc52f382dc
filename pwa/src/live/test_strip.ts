/** What a small printer prints to be tried: a rim, the letters that are hardest, and when it was. */
import { DOTS, type Roll } from '../device/thermal';

const FONT = '"Be Vietnam Pro", "Noto Sans", sans-serif';
const HEIGHT = 190;

export async function pointsOfTest(roll: Roll, words: { readonly title: string; readonly letters: string; readonly time: string }): Promise<ImageData | null> {
  await document.fonts.ready;
  const canvas = document.createElement('canvas');
  canvas.width = DOTS[roll];
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, HEIGHT);
  context.fillStyle = '#000';
  // Whoever sees no rim at the right has chosen another paper than lies in the printer.
  context.strokeRect(1.5, 1.5, canvas.width - 3, HEIGHT - 3);
  context.textAlign = 'center';
  const lines = [[words.title, 32, 700, 56], [words.letters, 22, 400, 106], [words.time, 22, 400, 150]] as const;
  for (const [text, size, weight, y] of lines) {
    context.font = `${weight} ${size}px ${FONT}`;
    context.fillText(text, canvas.width / 2, y, canvas.width - 16);
  }
  return context.getImageData(0, 0, canvas.width, HEIGHT);
}
