/** A drawn signature as small as a record may carry it. */
import { fits } from '../sync/kinds';

/** From wide to narrow: on a large screen the first picture may be too heavy. */
const WIDTHS = [560, 360, 220] as const;

/** A PNG that fits into a result's record; null where the browser gives no picture. */
export async function smallDrawing(picture: Blob): Promise<Uint8Array | null> {
  const whole = await createImageBitmap(picture);
  for (const most of WIDTHS) {
    const width = Math.min(most, whole.width);
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = Math.max(1, Math.round((whole.height * width) / whole.width));
    const context = canvas.getContext('2d');
    if (context === null) return null;
    context.drawImage(whole, 0, 0, canvas.width, canvas.height);
    const small = await new Promise<Blob | null>((resolve) => { canvas.toBlob(resolve, 'image/png'); });
    const bytes = small === null ? null : new Uint8Array(await small.arrayBuffer());
    if (bytes !== null && fits('result_delivery', 'signature', bytes)) return bytes;
  }
  return null;
}
