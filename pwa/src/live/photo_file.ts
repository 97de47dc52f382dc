/** A file that the camera or the gallery handed over, read into memory. */
import type { PhotoFile } from '../device/shown';

/** Null where the phone will not let it be read: it was moved or deleted meanwhile. */
export async function readPhotoFile(file: File): Promise<PhotoFile | null> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { bytes, type: file.type, takenAt: file.lastModified };
  } catch (fault) {
    if (fault instanceof DOMException) return null;
    throw fault;
  }
}
