/**
 * Reads aloud: by a Vietnamese voice that lies on this device, else by clips that the branch
 * recorded, else not at all, and then no button is shown (UX-74). A voice that needs the network
 * would send a citizen's words to a foreign host: it does not count.
 */

/** What is said, and the question's id, under which a clip of it may lie. */
export interface Statement {
  readonly id: string;
  readonly words: string;
}

export interface Speaker {
  readonly by: 'voice' | 'clips';
  /** A voice says anything; of a question that nobody recorded there is nothing to hear. */
  can(statement: Statement): boolean;
  say(statement: Statement): void;
  stop(): void;
}

/** Recordings by question id: addresses on our own host, or of bytes that lie here. */
export type Clips = ReadonlyMap<string, string>;

interface Synthesis {
  getVoices(): readonly SpeechSynthesisVoice[];
  speak(utterance: SpeechSynthesisUtterance): void;
  cancel(): void;
}

interface Sounds {
  readonly synthesis: Synthesis | null;
  readonly clips: Clips;
}

export function isAudio(type: unknown): type is string {
  return typeof type === 'string' && type.startsWith('audio/');
}

const LANGUAGE = 'vi';
/** Old people listen more slowly than phones speak. */
const RATE = 0.85;

export function speakerOf({ synthesis, clips }: Sounds): Speaker | null {
  const voice = synthesis?.getVoices().find(isOurs);
  if (synthesis !== null && voice !== undefined) return speakerBy(synthesis, voice);
  return clips.size > 0 ? playerOf(clips) : null;
}

/** Voices may come some time after the page: the answer is asked for again when they do. */
export function watchVoices(deed: () => void): () => void {
  const { speechSynthesis: synthesis } = globalThis as Partial<typeof globalThis>;
  synthesis?.addEventListener('voiceschanged', deed);
  return () => synthesis?.removeEventListener('voiceschanged', deed);
}

export function browserSpeaker(clips: Clips): Speaker | null {
  const { speechSynthesis } = globalThis as Partial<typeof globalThis>;
  return speakerOf({ synthesis: speechSynthesis ?? null, clips });
}

function isOurs({ lang, localService }: SpeechSynthesisVoice): boolean {
  return localService && lang.toLowerCase().split(/[-_]/u)[0] === LANGUAGE;
}

function speakerBy(synthesis: Synthesis, voice: SpeechSynthesisVoice): Speaker {
  return {
    by: 'voice',
    can: () => true,
    say: ({ words }) => {
      synthesis.cancel();
      const utterance = new SpeechSynthesisUtterance(words);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.rate = RATE;
      synthesis.speak(utterance);
    },
    stop: () => synthesis.cancel(),
  };
}

function playerOf(clips: Clips): Speaker {
  let playing: HTMLAudioElement | null = null;
  const stop = (): void => playing?.pause();
  return {
    by: 'clips',
    can: ({ id }) => clips.has(id),
    say: ({ id }) => {
      stop();
      const address = clips.get(id);
      if (address === undefined) return;
      playing = new Audio(address);
      void playing.play().catch(() => undefined);
    },
    stop,
  };
}
