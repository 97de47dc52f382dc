/** Hands a file of ours out of the app: by the system's share sheet, or among the downloads. */
import { lockClock } from './lock_clock';

/** Whether this system's share sheet takes such a file. */
export function canShare(file: File): boolean {
  return typeof navigator.canShare === 'function' && navigator.canShare({ files: [file] });
}

/** Hands a file to the share sheet; false where the person thought better of it. */
export async function share(file: File): Promise<boolean> {
  try {
    await lockClock.during(navigator.share({ files: [file] }));
    return true;
  } catch (fault) {
    if (fault instanceof DOMException) return false;
    throw fault;
  }
}

/** Saves a file among the downloads of this phone. */
export function save(file: File): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  // The browser reads on for a while after the click.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000);
}
