import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import type { ExportOptions } from './export.ts';

/** What a query can ask for; of lists, the parts stand between commas. */
const FIELDS = ['file', 'only', 'except', 'prefix'];

/**
 * Read the query of Terraform's external data source, an object of strings on stdin, on top of the flags.
 *
 * @throws SottoError `usage`
 */
export async function readQuery(
  io: Io,
  options: Pick<ExportOptions, 'files' | 'only' | 'except' | 'prefix'>,
): Promise<Pick<ExportOptions, 'files' | 'only' | 'except' | 'prefix'>> {
  const query = parse(Buffer.from(await io.readStdin()).toString());
  const unknown = [...query.keys()].find((field) => !FIELDS.includes(field));
  if (unknown !== undefined)
    throw new SottoError('usage', `the query asks for ${unknown}`, {
      hint: `it can have ${FIELDS.join(', ')}`,
    });
  const listed = (field: string): readonly string[] => query.get(field)?.split(',') ?? [];
  return {
    files: [...options.files, ...listed('file')],
    only: [...options.only, ...listed('only')],
    except: [...options.except, ...listed('except')],
    prefix: query.get('prefix') ?? options.prefix,
  };
}

/** Nothing at all is a query that asks for nothing. */
function parse(text: string): ReadonlyMap<string, string> {
  const query = text.trim() === '' ? {} : asJson(text);
  if (typeof query !== 'object' || query === null || Array.isArray(query)) throw malformed();
  return new Map(
    Object.entries(query).map(([field, value]: [string, unknown]) => {
      if (typeof value !== 'string') throw malformed();
      return [field, value];
    }),
  );
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed();
  }
}

function malformed(): SottoError {
  return new SottoError('usage', 'the query on stdin is no JSON object of strings', {
    hint: `as Terraform's external data source sends it: {"only": "DB_*"}; leave out --query where nobody sends one`,
  });
}
