import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));

/** Something that the library exports, as its source has it. */
export interface Export {
  readonly name: string;
  readonly isType: boolean;
  /** The code below `@example` in its comment. */
  readonly example: string | undefined;
}

/** All that `src/index.ts` exports, in its order. */
export function exportsOfLibrary(): Export[] {
  const index = readFileSync(`${SOURCE}index.ts`, 'utf8');
  return [...index.matchAll(/^export (type )?\{([^}]*)\} from '\.\/([^']+)';$/gms)].flatMap(
    ([, all, names = '', path = '']) => {
      const source = readFileSync(`${SOURCE}${path}`, 'utf8');
      return names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')
        .map((words) => {
          const name = words.replace('type ', '');
          return { name, isType: all !== undefined || words !== name, example: exampleOf(name, source) };
        });
    },
  );
}

/** The example in the comment right in front of a declaration. */
function exampleOf(name: string, source: string): string | undefined {
  const declaration = `export (?:async )?(?:abstract )?(?:function|class|interface|type|const) ${name}\\b`;
  const at = new RegExp(`^${declaration}`, 'm').exec(source)?.index;
  if (at === undefined) throw new Error(`there is no declaration of ${name}`);
  const [, comment = ''] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(source.slice(0, at)) ?? [];
  const [, example] = /@example\n([\s\S]*)/.exec(comment) ?? [];
  return example?.replace(/^ \* ?/gm, '').trim();
}
