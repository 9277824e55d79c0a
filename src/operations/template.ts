import {
  Context,
  Liquid,
  LiquidError,
  type Template as Node,
  RenderError,
  Tokenizer,
  TypeGuards,
  toValueSync,
  UndefinedVariableError,
} from 'liquidjs';
import { type ErrorDetails, SottoError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import { positionOf } from '../text/position.ts';
import { DEFAULT_DELIMITERS, type Delimiters } from './delimiters.ts';
import { base64Encode, json } from './template-filters.ts';
import { referencesTo, spell, type TemplateValues } from './template-values.ts';

export { valuesFor } from './template-values.ts';

/** Tags that read other files. */
const READING_TAGS = ['include', 'render', 'layout', 'block'];
/** Filters that would print a mapping or list, or a value, in another way than {@link spell} and {@link json} do. */
const OTHER_FILTERS = ['raw', 'inspect'];

/** Items of ranges, and characters that go through filters: more would take all memory, which nothing can catch. */
const MOST_ITEMS = 20_000_000;

/** Fills a template. @throws SottoError `path-missing`, `output-unsupported`, `input-invalid`; with the place */
export type Fill = (values: TemplateValues) => string;

/**
 * Read a template in the language Liquid. What stands outside of its tags is kept as it is.
 *
 * @throws SottoError `input-invalid` with line and column
 */
export function parseTemplate(text: string, delimiters: Delimiters = DEFAULT_DELIMITERS): Fill {
  const engine = engineFor(delimiters);
  try {
    const nodes = engine.parse(text);
    checkReferences(nodes, engine);
    return (values) => fill(engine, nodes, values, text);
  } catch (error) {
    throw explain(error, text);
  }
}

function fill(engine: Liquid, nodes: readonly Node[], values: TemplateValues, text: string): string {
  const context = new Context(values, engine.options, { sync: true }, { liquid: engine });
  const fillOne = (node: Node): string => {
    try {
      return engine.renderSync([node], context);
    } catch (error) {
      throw explain(error, text, { known: referencesTo(values), around: node });
    }
  };
  return nodes.map(fillOne).join('');
}

function engineFor({ reference, tag }: Delimiters): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    memoryLimit: MOST_ITEMS,

    // There are no other templates, and so no files are looked for.
    templates: {},
    // The same on each machine.
    preserveTimezones: true,
    locale: 'en-US',
    outputEscape: spell,
    outputDelimiterLeft: reference[0],
    outputDelimiterRight: reference[1],
    tagDelimiterLeft: tag[0],
    tagDelimiterRight: tag[1],
  });
  for (const name of READING_TAGS) delete engine.tags[name];
  for (const name of OTHER_FILTERS) engine.unregisterFilter(name);
  engine.registerFilter('json', json);
  engine.registerFilter('jsonify', json);
  engine.registerFilter('base64_encode', base64Encode);
  return engine;
}

/** Liquid takes the first value of several, and overlooks what stands behind it. */
function checkReferences(nodes: readonly Node[], engine: Liquid): void {
  for (const node of nodes) {
    if (TypeGuards.isOutputToken(node.token)) {
      const { input, contentRange } = node.token;
      const tokenizer = new Tokenizer(input, engine.options.operators, undefined, contentRange);
      const { begin, initial } = tokenizer.readFilteredValue();
      tokenizer.skipBlank();
      tokenizer.assert(tokenizer.end(), 'there is something behind the reference');
      const operators = initial.postfix.filter(TypeGuards.isOperatorToken);
      const taken = operators.filter(({ operator }) => operator !== 'not').length;
      const values = initial.postfix.length - operators.length - taken;
      tokenizer.assert(values === 1, 'there has to be one value', begin);
    }
    checkReferences(toValueSync(node.children?.(false, true) ?? []), engine);
  }
}

/** What was being filled in. */
interface Filling {
  readonly known: readonly string[];
  /** The tag, or the outermost one of those that it is in. */
  readonly around: Node;
}

/** An error of Liquid as one of ours. Messages of what fails on values may hold them, and are left out. */
function explain(error: unknown, text: string, filling?: Filling): unknown {
  if (!LiquidError.is(error)) return error;
  const { token, originalError } = error;
  // What a filter reads is a text of its own.
  const where = token.input === text ? token : (filling?.around.token ?? token);
  const place: ErrorDetails = positionOf(text, where.begin);
  const [source = ''] = where.getText().split('\n');
  if (originalError instanceof SottoError)
    return originalError.with(place, `${source}: ${originalError.message}`);
  if (error instanceof UndefinedVariableError) {
    const near = nearestReference(source, filling?.known ?? []);
    const hint = near === undefined ? UNKNOWN : `did you mean ${near}?`;
    if (where !== token) return new SottoError('path-missing', `${source} asks for what is not there`, place);
    return new SottoError('path-missing', `there is no ${source} in the files`, { ...place, hint });
  }
  // Some filters read their values as expressions; what is wrong with one is said with a part of it.
  if (error instanceof RenderError || filling !== undefined)
    return new SottoError('input-invalid', `${source} can not be filled in`, {
      ...place,
      hint: 'one of its filters does not take such a value, or there is far too much of it',
    });
  const problem = error.message.replace(/, line:\d+, col:\d+$/, '');
  return new SottoError('input-invalid', `not a valid template: ${problem}`, { ...place, hint: SYNTAX });
}

const OTHER_SIGNS = 'where braces belong to the text, choose other signs with --delimiters';
const UNKNOWN = `"sotto decrypt" shows what a file has; ${OTHER_SIGNS}`;
const SYNTAX = `a reference is {{ path }}; ${OTHER_SIGNS}`;

/** The whole path has to be near, and so has its last key: most of a path is the same as in its neighbours. */
function nearestReference(reference: string, known: readonly string[]): string | undefined {
  const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
  const last = lastOf(reference);
  return nearest(
    reference,
    known.filter((other) => nearest(last, [lastOf(other)]) !== undefined),
  );
}
