/** Unpacks what the office packed, by what the browser brings, and never to more than a bound. */
import { type Bytes, concat } from '../sync/bytes';
import { Malformed } from '../sync/refusals';

export async function inflate(packed: Bytes, most: number): Promise<Bytes> {
  const parts: Bytes[] = [];
  let size = 0;
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    const reader = stream.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      size += read.value.length;
      if (size > most) {
        await reader.cancel();
        break;
      }
      parts.push(read.value);
    }
  } catch (error) {
    // The only thing that streams throw on bytes that are not deflate, or not all of it.
    if (!(error instanceof TypeError)) throw error;
    throw new Malformed('the entries of a page');
  }
  if (size > most) throw new Malformed('the entries of a page');
  return concat(...parts);
}
