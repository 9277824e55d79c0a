// Texts to measure with: the same values in every shape and format.

/** Values in groups of ten: plain lines, as most configurations have them. */
export function nested(count) {
  const lines = [];
  for (let i = 0; i < count; i += 1) {
    if (i % 10 === 0) lines.push(`group${i / 10}:`);
    lines.push(`  key${i}: value number ${i}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Values in one mapping. */
export function flat(count) {
  return Array.from({ length: count }, (_, i) => `key${i}: value number ${i}\n`).join('');
}

/** {@link flat}, with a comment beside each value. */
export function withComments(count) {
  return flat(count).replaceAll('\n', ' # beside\n');
}

/** Comments, quotes, lists, literals and flow collections among plain lines; one in ten of each. */
export function mixed(count) {
  const lines = [];
  for (let i = 0; i < count; i += 10) {
    lines.push(
      `# about group ${i / 10}`,
      `group${i / 10}:`,
      `  plain: value number ${i}`,
      `  other: ${i} # beside`,
      `  quoted: "value number ${i}"`,
      `  single: 'it''s number ${i}'`,
      '  list:',
      `    - item ${i}`,
      `    - item ${i + 1}`,
      '  text: |',
      `    line of ${i}`,
      '    and another',
      `  flow: [a${i}, b${i}]`,
      '  is: true',
      '',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** {@link nested} as JSON. */
export function json(count) {
  const groups = {};
  for (let i = 0; i < count; i += 1) {
    groups[`group${Math.floor(i / 10)}`] ??= {};
    groups[`group${Math.floor(i / 10)}`][`key${i}`] = `value number ${i}`;
  }
  return `${JSON.stringify(groups, null, 2)}\n`;
}

/** The same flat values in each format, and with a comment beside each where a format can have them. */
export const FORMATS = [
  ['yaml', flat],
  ['yaml, with comments', withComments],
  [
    'json',
    (count) =>
      `{\n${flat(count)
        .trimEnd()
        .replace(/^(\w+): (.*)$/gm, '  "$1": "$2"')
        .replaceAll('\n', ',\n')}\n}\n`,
  ],
  ['dotenv', (count) => flat(count).replaceAll(': ', '=')],
  ['dotenv standard', (count) => flat(count).replace(/: (.*)/g, '="$1"'), { dialect: 'standard' }],
  [
    'dotenv standard, with comments',
    (count) => withComments(count).replace(/: (.*) #/g, '="$1" #'),
    { dialect: 'standard' },
  ],
  ['ini', (count) => `[s]\n${flat(count).replaceAll(': ', ' = ')}`],
  ['toml', (count) => flat(count).replace(/: (.*)/g, ' = "$1"')],
  ['toml, with comments', (count) => withComments(count).replace(/: (.*) #/g, ' = "$1" #')],
];
