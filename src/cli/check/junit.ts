import type { CheckResult, Reported } from '../../commands/check/result.ts';

/** A test case for each file with findings, a failure for each finding; notes are output. One that passes, if there are none. */
export function junitText({ findings }: CheckResult): string {
  const files = [...new Set(findings.map(({ file }) => file))].sort();
  const failures = findings.filter(({ level }) => level !== 'note');
  const cases = files.map((file) =>
    testCase(
      file,
      findings.filter((one) => one.file === file),
    ),
  );
  const all = cases.length === 0 ? ['    <testcase classname="sotto check" name="repository"/>\n'] : cases;
  const counts = `tests="${all.length}" failures="${failures.length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites ${counts}>\n`,
    `  <testsuite name="sotto check" ${counts}>\n`,
    ...all,
    '  </testsuite>\n',
    '</testsuites>\n',
  ].join('');
}

function testCase(file: string, findings: readonly Reported[]): string {
  return [
    `    <testcase classname="sotto check" name="${escaped(file)}">\n`,
    ...findings.map(({ level, rule, message, region }) => {
      const text = `${file}${region === undefined ? '' : `:${region.line}`}: ${message}`;
      return level === 'note'
        ? `      <system-out>${escaped(`${rule}: ${text}`)}</system-out>\n`
        : `      <failure type="${rule}" message="${escaped(message)}">${escaped(text)}</failure>\n`;
    }),
    '    </testcase>\n',
  ].join('');
}

/** For XML 1.0, which has no control characters at all. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
