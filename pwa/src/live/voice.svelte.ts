/** The one polite live region: what a screen reader is told about saving and sending. */
class Voice {
  said = $state('');

  say(sentence: string): void {
    if (this.said !== sentence) this.said = sentence;
  }
}

export const voice = new Voice();
