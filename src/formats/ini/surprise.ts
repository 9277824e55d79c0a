import type { Warning } from '../../core/splice/warning.ts';
import { lineOf } from '../../text/position.ts';

/** A place that go-ini, and so sops, reads otherwise than most people would. */
export interface Surprise {
  readonly kind: 'cut' | 'continued' | 'dropped' | 'repeated' | 'numbered' | 'bracket';
  readonly at: number;
}

/** What to say about each kind, in the order in which it is said. */
const TEXTS: readonly (readonly [Surprise['kind'], string, string])[] = [
  [
    'cut',
    'a # or ; inside a value begins a comment for sops; the value ends in front of it',
    'put backquotes around a value that holds one of them; file and ciphertext are complete either way',
  ],
  [
    'continued',
    'a backslash at the end of a line joins the next line to the value, also when that is another key',
    'put backquotes around a value that ends in a backslash',
  ],
  ['dropped', 'text behind the closing quotes does not belong to the value; sops drops it', 'take it out'],
  [
    'repeated',
    'a key is there more than once in its section; sops knows only the last one, and drops the others when it writes the file',
    'sotto keeps and encrypts all of them',
  ],
  [
    'numbered',
    'keys named - are numbered by sops, which cannot read them back once it has written the file itself',
    'give them names if sops is to edit the file',
  ],
  [
    'bracket',
    'a section is named by all that stands in front of the last ] of its line, the comment included',
    'put the comment on a line of its own, or take the bracket out of it',
  ],
];

/** One warning for each kind of surprise, at the first place of it. */
export function warningsOf(source: string, surprises: readonly Surprise[]): Warning[] {
  return TEXTS.flatMap(([kind, text, hint]) => {
    const found = surprises.filter((surprise) => surprise.kind === kind);
    const [first] = found;
    if (first === undefined) return [];
    const message = found.length === 1 ? text : `${text} (in ${found.length} places)`;
    return [{ message, hint, line: lineOf(source, first.at) }];
  });
}
