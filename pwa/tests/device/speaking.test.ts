import { afterEach, describe, expect, it, vi } from 'vitest';
import { speakerOf } from '../../src/device/speaking';

function voice(lang: string, localService: boolean): SpeechSynthesisVoice {
  return { lang, localService, name: lang, voiceURI: lang, default: false };
}

function synthesisWith(...voices: SpeechSynthesisVoice[]) {
  return { getVoices: () => voices, speak: vi.fn(), cancel: vi.fn() };
}

const NONE = new Map<string, string>();
const CLIPS = new Map([['child_full_name', '/app/clips/child_full_name.mp3']]);

describe('reading aloud (UX-74)', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('speaks with a Vietnamese voice of this device', () => {
    vi.stubGlobal('SpeechSynthesisUtterance', class {
      constructor(readonly text: string) {}
    });
    const synthesis = synthesisWith(voice('en-GB', true), voice('vi_VN', true));

    const speaker = speakerOf({ synthesis, clips: CLIPS });
    speaker?.say({ id: 'child_full_name', words: 'Tên của cháu: Minh' });

    expect(speaker?.by).toBe('voice');
    expect(synthesis.speak.mock.calls[0]?.[0]).toMatchObject({ text: 'Tên của cháu: Minh', lang: 'vi_VN' });
  });

  it('plays clips where the only Vietnamese voice would need a foreign host', () => {
    const played: string[] = [];
    vi.stubGlobal('Audio', class {
      constructor(readonly address: string) {}

      play(): Promise<void> {
        played.push(this.address);
        return Promise.resolve();
      }

      pause(): void {
        played.push('paused');
      }
    });

    const speaker = speakerOf({ synthesis: synthesisWith(voice('vi-VN', false)), clips: CLIPS });
    speaker?.say({ id: 'child_full_name', words: '…' });
    speaker?.say({ id: 'nothing_recorded', words: '…' });

    expect(speaker?.by).toBe('clips');
    expect(['child_full_name', 'nothing_recorded'].map((id) => speaker?.can({ id, words: '…' }))).toEqual([true, false]);
    expect(played).toEqual(['/app/clips/child_full_name.mp3', 'paused']);
  });

  it('is silent, without a button, where there is neither', () => {
    expect(speakerOf({ synthesis: null, clips: NONE })).toBeNull();
    expect(speakerOf({ synthesis: synthesisWith(voice('en-US', true)), clips: NONE })).toBeNull();
  });
});
