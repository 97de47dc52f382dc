/** What a phone may have beside its screen: camera, a Vietnamese voice, a printer. Tried by a tap. */
export type CameraAnswer = 'ok' | 'refused' | 'none';
export type VoiceAnswer = 'ok' | 'none';

/** Opens the camera and shuts it again. */
export async function tryCamera(): Promise<CameraAnswer> {
  if (!('mediaDevices' in navigator)) return 'none';
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    for (const track of stream.getTracks()) track.stop();
    return 'ok';
  } catch (fault) {
    if (!(fault instanceof DOMException)) throw fault;
    return fault.name === 'NotAllowedError' ? 'refused' : 'none';
  }
}

/** Says something in Vietnamese, if the phone has a voice for it. */
export function tryVoice(words: string): VoiceAnswer {
  if (!('speechSynthesis' in window)) return 'none';
  const voice = speechSynthesis.getVoices().find(({ lang, localService }) => lang.startsWith('vi') && localService);
  if (voice === undefined) return 'none';
  const saying = new SpeechSynthesisUtterance(words);
  saying.voice = voice;
  saying.lang = voice.lang;
  speechSynthesis.speak(saying);
  return 'ok';
}

/** Whether the worker has the app on this phone; null where the browser has none. */
export function hasWorker(): boolean | null {
  return 'serviceWorker' in navigator ? navigator.serviceWorker.controller !== null : null;
}

/** Whether there is a Vietnamese voice: where there is none, no button offers to read (UX-74). */
export function hasVoice(): boolean {
  return 'speechSynthesis' in window && speechSynthesis.getVoices().some(({ lang, localService }) => lang.startsWith('vi') && localService);
}
