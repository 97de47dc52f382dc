/** Where this phone last took dossiers: offered first at the next one. */
const KEY = 'luudong.area';

export function keptArea(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

export function keepArea(code: string): void {
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // Blocked storage: the person chooses again next time.
  }
}
