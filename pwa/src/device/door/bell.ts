/** Who is told of what was done: the screens of this tab, the other tabs, and the sender. */
import type { Topic } from '../outcomes';
import type { Sender } from '../sender';
import type { World } from '../world';

export class Bell {
  private readonly world: World;
  private readonly listeners = new Set<(topic: Topic) => void>();

  constructor(world: World) {
    this.world = world;
    world.tabs.hear((topic) => {
      this.announce(topic);
    });
  }

  /** Calls at each change, from this tab or another; the answer ends it. */
  watch(listener: (topic: Topic) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Tells this tab and the others. How this tab is connected is nobody else's business. */
  readonly tell = (topic: Topic): void => {
    this.announce(topic);
    if (topic !== 'connection') this.world.tabs.tell(topic);
  };

  private announce(topic: Topic): void {
    for (const listener of this.listeners) listener(topic);
  }
}

/** What every part of the door works with. */
export interface Hands {
  readonly world: World;
  readonly bell: Bell;
  readonly sender: Sender;
  /** Prepares photos in the background: what cannot be written now is tried at the next start. */
  readonly prepare: () => void;
}

/** Tells of a deed that was done; a write that may go out wakes the sender. */
export function after<T extends { readonly kind: string }>(
  { bell, sender }: Pick<Hands, 'bell' | 'sender'>,
  outcome: T,
  done: string,
  topic: Topic,
): T {
  if (outcome.kind === done) {
    bell.tell(topic);
    if (topic !== 'drafts') sender.poke();
  }
  return outcome;
}
