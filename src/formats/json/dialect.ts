import { closeHint, hintFor, relaxedCloseHint, relaxedHint } from './hint.ts';

/** What is allowed besides JSON, and what to say about the rest. */
export interface Dialect {
  readonly name: string;
  /** Comments between tokens, and a comma behind the last item. */
  readonly isRelaxed: boolean;
  readonly hint: (text: string, at: number) => string | undefined;
  readonly closeHint: (text: string, at: number) => string;
}

export const STRICT: Dialect = { name: 'JSON', isRelaxed: false, hint: hintFor, closeHint };
export const RELAXED: Dialect = {
  name: 'JSONC',
  isRelaxed: true,
  hint: relaxedHint,
  closeHint: relaxedCloseHint,
};
