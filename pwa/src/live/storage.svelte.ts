/** Whether the browser keeps what we store when its disk runs short; asked for in a tap (UX-61). */
class Storage {
  /** Null where the browser cannot say. */
  isKept: boolean | null = $state(null);

  async look(): Promise<void> {
    this.isKept = await ask(() => navigator.storage.persisted());
  }

  /** Asks for it; some browsers ask the person, others decide by themselves. */
  async keep(): Promise<void> {
    this.isKept = await ask(() => navigator.storage.persist());
  }
}

/** WebKit has no `navigator.storage`; private windows refuse. */
async function ask(question: () => Promise<boolean>): Promise<boolean | null> {
  if (!('storage' in navigator) || !('persist' in navigator.storage)) return null;
  try {
    return await question();
  } catch (fault) {
    if (fault instanceof TypeError || fault instanceof DOMException) return null;
    throw fault;
  }
}

export const storage = new Storage();
