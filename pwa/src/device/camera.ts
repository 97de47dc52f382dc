/** The camera of this phone inside the page: another app's could cost us the page (UX-40). */

/** `refused`: the person or the browser said no; `missing`: there is none, or no browser to ask. */
export type CameraTrouble = 'refused' | 'missing' | 'busy';

export interface Camera {
  readonly stream: MediaStream;
  readonly hasTorch: boolean;
  /** Answers whether the light obeyed. */
  light(on: boolean): Promise<boolean>;
  /** Calls once if the phone takes the camera away. */
  whenLost(deed: () => void): void;
  close(): void;
}

/** Torches are not in the language's own types yet. */
interface TorchCapabilities extends MediaTrackCapabilities {
  readonly torch?: boolean;
}
/** Firefox knows no capabilities at all. */
type AnyTrack = Omit<MediaStreamTrack, 'getCapabilities'> & {
  getCapabilities?(): TorchCapabilities;
};

/** Opens the camera that looks away from the person, at about so many pixels of width. */
export async function openCamera(width: number): Promise<Camera | CameraTrouble> {
  const { mediaDevices } = navigator as Partial<Navigator>;
  if (mediaDevices === undefined) return 'missing';
  try {
    const video = { facingMode: { ideal: 'environment' }, width: { ideal: width } };
    return cameraOf(await mediaDevices.getUserMedia({ audio: false, video }));
  } catch (fault) {
    if (!(fault instanceof DOMException)) throw fault;
    if (fault.name === 'NotAllowedError' || fault.name === 'SecurityError') return 'refused';
    return fault.name === 'NotFoundError' || fault.name === 'OverconstrainedError'
      ? 'missing'
      : 'busy';
  }
}

function cameraOf(stream: MediaStream): Camera {
  const [track]: readonly (AnyTrack | undefined)[] = stream.getVideoTracks();
  return {
    stream,
    hasTorch: track?.getCapabilities?.().torch === true,
    light: async (on) => {
      try {
        await track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
        return true;
      } catch (fault) {
        if (!(fault instanceof DOMException)) throw fault;
        return false;
      }
    },
    whenLost: (deed) => {
      track?.addEventListener('ended', deed, { once: true });
    },
    close: () => {
      for (const each of stream.getTracks()) each.stop();
    },
  };
}
