/** Fails the build where a page carries script or style inline: the office's policy refuses both. */
import type { Plugin } from 'vite';

const INLINE = [/<style[\s>]/i, /<script(?![^>]*\ssrc=)[^>]*>/i, /<[^>]+\s(?:style|on\w+)=/i];

export function refuseInline(): Plugin {
  return {
    name: 'refuse-inline',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          if (file.type !== 'asset' || !name.endsWith('.html')) continue;
          const html = typeof file.source === 'string' ? file.source : new TextDecoder().decode(file.source);
          const found = INLINE.map((pattern) => pattern.exec(html)?.[0]).find((text) => text);
          if (found) this.error(`${name} has something inline: ${found}`);
        }
      },
    },
  };
}
