import { pathToFileURL } from 'node:url';
import type { CheckResult, Reported } from '../../commands/check/result.ts';
import { FINDING_IDS, FINDINGS, type FindingId } from '../../operations/check/findings.ts';
import { VERSION } from '../version.ts';

/** More than hosting services take in one run. */
const MOST = 5000;
const PAGE = 'https://sotto.example/docs/check.md';

/** The report for code scanning (SARIF 2.1.0, OASIS). @param command results of another one are no news of these */
export function sarifReport({ findings, top }: CheckResult, command = 'check'): object {
  const shown = findings.slice(0, MOST);
  const rules = FINDING_IDS.filter((id) => shown.some(({ rule }) => rule === id));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sotto',
            semanticVersion: VERSION,
            informationUri: PAGE,
            rules: rules.map(describeRule),
          },
        },
        automationDetails: { id: `sotto/${command}/` },
        originalUriBaseIds: { SRCROOT: { uri: `${pathToFileURL(top).href}/` } },
        columnKind: 'utf16CodeUnits',
        results: shown.map((finding) => describeResult(finding, rules)),
      },
    ],
  };
}

function describeRule(id: FindingId): object {
  const { title, cause, fix, level } = FINDINGS[id];
  return {
    id: `sotto/${id}`,
    name: id,
    shortDescription: { text: sentence(title) },
    fullDescription: { text: cause },
    help: { text: `${cause}\n\n${fix.replaceAll('`', '')}`, markdown: `${cause}\n\n${fix}` },
    helpUri: `${PAGE}#${id}`,
    defaultConfiguration: { level },
    properties: { tags: ['security'], 'security-severity': severityOf(id) },
  };
}

/** As a text, of 0 to 10: what may be known to others is critical. */
function severityOf(id: FindingId): string {
  const { level, isExposure } = FINDINGS[id];
  if (level === 'error') return isExposure === true ? '9.5' : '7.5';
  return level === 'warning' ? '5.0' : '1.0';
}

function describeResult(
  { rule, level, file, region, message, commit, fingerprint }: Reported,
  rules: readonly FindingId[],
): object {
  // What is in an old commit stands in no line of today.
  const place = commit === undefined ? region : undefined;
  const { line = 1, column = 1, endLine = line, endColumn = column } = place ?? {};
  const where = commit === undefined ? '' : ` (in ${commit.slice(0, 12)})`;
  return {
    ruleId: `sotto/${rule}`,
    ruleIndex: rules.indexOf(rule),
    level,
    message: { text: `${sentence(message)}${where}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: {
            uri: encodeURI(file).replaceAll('#', '%23').replaceAll('?', '%3F'),
            uriBaseId: 'SRCROOT',
          },
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
    partialFingerprints: { primaryLocationLineHash: fingerprint },
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
