/** What is wrong with a text that has no document. */
export const NOTHING = 'there is nothing but comments in it';

/** What sops says of a text. */
export interface SaidInGo {
  readonly inSops: string;
  /** {@link inSops} has several lines. */
  readonly hasParagraphs?: true;
}

/** Problems that go-yaml's parser finds, which counts lines from 0; its scanner counts them from 1. */
const OF_THE_PARSER =
  /^did not find expected (?:<|key$|node content|'-'|',' or)|^found (?:undefined tag handle|duplicate %|incompatible YAML)/;

/** Problems of which go-yaml says no line. */
const WITHOUT_LINE = /^control characters|^unknown anchor|contains itself|UTF-/;

/** Problems that go-yaml finds when it makes values of the nodes. */
const OF_NODES = /^mapping key .* already defined$|^invalid map key$/s;

/**
 * What sops says of a problem with the syntax of a text: go-yaml's words, which a line goes before unless it is the
 * first (go-yaml `decode.go`, fail).
 *
 * @param line from 1
 */
export function problemInGo(problem: string, line: number): SaidInGo {
  if (problem === NOTHING) return { inSops: 'EOF' };
  if (OF_NODES.test(problem)) {
    const said = problem === 'invalid map key' ? 'cannot unmarshal a collection into string' : problem;
    return unmarshalErrors(line, said);
  }
  const counted = OF_THE_PARSER.test(problem) ? line - 1 : line;
  const isSaid = line > 1 && counted > 0 && !WITHOUT_LINE.test(problem);
  return { inSops: `yaml: ${isSaid ? `line ${counted}: ` : ''}${problem}` };
}

/** What sops says of a document that is no mapping. @param number of the document, from 0 */
export function noMappingInGo(kind: 'seq' | 'scalar', number: number, line: number): SaidInGo {
  const what = kind === 'seq' ? 'sequences' : 'values';
  // sops shows a value, too, which may be a secret.
  return number === 0
    ? unmarshalErrors(line, `cannot unmarshal !!${kind} into map[string]interface {}`)
    : {
        inSops: `Error unmarshaling input YAML: YAML documents that are ${what} are not supported`,
      };
}

function unmarshalErrors(line: number, problem: string): SaidInGo {
  return { inSops: `yaml: unmarshal errors:\n  line ${line}: ${problem}`, hasParagraphs: true };
}
