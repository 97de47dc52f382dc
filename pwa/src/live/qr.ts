/** The squares of a QR code, without the light rim that each paper leaves in its own way. */
import encodeQR from 'qr';

export function squaresOf(text: string): readonly (readonly boolean[])[] {
  // The library wants a rim of one at least.
  const framed = encodeQR(text, 'raw', { ecc: 'medium', border: 1 });
  return framed.slice(1, -1).map((row) => row.slice(1, -1));
}
