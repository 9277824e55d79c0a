import { createHash } from 'node:crypto';
import { oneLine } from '../text/printable.ts';

/** A page of its own, for a browser: it loads nothing, asks nobody, and runs nothing but its own script. */
export interface Page {
  readonly title: string;
  readonly style: string;
  /** The page is whole without it. */
  readonly script: string;
  /** Texts in it are {@link escaped}. */
  readonly body: string;
}

/** Part of a script that has a box `search`, and a function `filter` that shows what is typed there: its keys. */
export const SEARCH_SCRIPT = `search.addEventListener('input', filter);
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === 'Escape' && document.activeElement === search) {
    search.value = '';
    filter();
  }
});
`;

/** A page as HTML. */
export function printPage({ title, style, script, body }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
<script>${script}</script>
</body>
</html>
`;
}

/** A text of a stranger, for between tags and in quotes. */
export function escaped(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
