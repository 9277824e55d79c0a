import type { Document } from '../../core/splice/format.ts';
import { exponentText } from '../../core/tree/number.ts';
import type { Place, TreeNode } from '../../core/tree/tree.ts';
import type { Value } from '../../core/tree/value.ts';
import { lineBreakOf } from '../line-feeds.ts';
import { keyText, multiLine, quoted } from './string.ts';

/** How a value is written in TOML; all places are alike. A collection is written on one line. */
export function spellToml(_place: Place, node: TreeNode, { text }: Document): string[] {
  return [node.kind === 'value' ? scalarText(node.value, lineBreakOf(text)) : oneLine(node)];
}

/** A scalar; a string of several lines on lines of its own. */
export function scalarText(value: Value, lineBreak: string): string {
  return value.type === 'str' ? multiLine(value.text, lineBreak) : bareText(value);
}

/** A node on one line. */
export function oneLine(node: TreeNode): string {
  switch (node.kind) {
    case 'alias':
      return oneLine(node.target);
    case 'value':
      return node.value.type === 'str' ? quoted(node.value.text) : bareText(node.value);
    case 'list':
      return `[${node.items.flatMap((item) => (item.kind === 'comment' ? [] : [oneLine(item)])).join(', ')}]`;
    default: {
      const pairs = node.items.flatMap((item) => {
        return item.kind === 'entry' ? [`${keyText(item.key)} = ${oneLine(item.value)}`] : [];
      });
      return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
    }
  }
}

function bareText({ type, text }: Value): string {
  switch (type) {
    case 'bool':
      return text.toLowerCase();
    case 'float':
      return floatText(text);
    default:
      return text;
  }
}

/** A float has a point or an exponent; go-yaml's choice of when it gets one. */
function floatText(canonical: string): string {
  if (canonical === 'NaN') return 'nan';
  if (canonical.endsWith('Inf')) return canonical === '-Inf' ? '-inf' : 'inf';
  const text = exponentText(canonical, -5, 21, 2);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
