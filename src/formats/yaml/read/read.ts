import { METADATA_KEY } from '../../../core/sops/metadata-key.ts';
import type { Document } from '../../../core/splice/format.ts';
import type { Span } from '../../../core/tree/tree.ts';
import { SottoError } from '../../../errors.ts';
import { position, refusal, YamlError } from '../error.ts';
import { checkDocument } from './check.ts';
import { NOTHING, problemInGo } from './go-error.ts';
import { parseYaml, type YamlStream } from './node.ts';
import { TreeReader } from './tree-reader.ts';
import type { YamlNode } from './yaml-node.ts';

/**
 * Read YAML as sops does: go-yaml's nodes, turned into sops's tree (sops `stores/yaml/store.go`).
 *
 * @param parse how the nodes come about
 * @throws SottoError `input-invalid` where go-yaml refuses, `encrypt-failed` for what sops's tree cannot hold
 */
export function readYaml(
  text: string,
  parse: (text: string) => YamlStream = parseYaml,
): Omit<Document, 'format'> {
  const { documents, rows, comments, markup } = checked(text, parse);
  const reader = new TreeReader(text, rows, documents.some(isEncrypted));
  const roots = documents.map((document, number) => reader.root(document, number));
  const bodies = bodiesOf(text, documents);
  const unseen = reader.comments.unseen(comments, documents);
  const { anchors } = reader;
  return { text, roots, bodies, unseen, anchors, ...(markup === undefined ? {} : { markup }) };
}

function checked(text: string, parse: (text: string) => YamlStream): YamlStream {
  try {
    const stream = parse(text);
    const [first] = stream.documents;
    if (first === undefined && text !== '') throw new YamlError(0, NOTHING);
    if (first !== undefined) checkDocument(first, stream.rows, stream.hasAliases);
    return stream;
  } catch (error) {
    if (error instanceof RangeError)
      throw new SottoError('input-invalid', 'not valid YAML: nested too deeply');
    if (!(error instanceof YamlError)) throw error;
    const { inSops, hasParagraphs } = problemInGo(error.problem, lineInGo(text, error.offset));
    throw refusal('input-invalid', `not valid YAML: ${error.problem}`, text, error.offset, {
      inSops,
      hasParagraphs,
    });
  }
}

/** The end of a text is on a line of its own for go-yaml. */
function lineInGo(text: string, offset: number): number {
  const { line, column } = position(text, offset);
  return offset >= text.length && column > 1 ? line + 1 : line;
}

function isEncrypted({ content: [root] }: YamlNode): boolean {
  return (
    root?.kind === 'map' && root.content.some((key, index) => index % 2 === 0 && key.value === METADATA_KEY)
  );
}

/** Each begins where the one before ended. */
function bodiesOf(text: string, documents: readonly YamlNode[]): Span[] {
  return documents.map((document, number) => {
    const start = number === 0 ? 0 : (documents[number - 1]?.end ?? 0);
    return { start, end: number === documents.length - 1 ? text.length : document.end };
  });
}
