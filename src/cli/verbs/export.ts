import { SottoError } from '../../errors.ts';
import { CLEAR_VALUE_FLAGS } from '../flags/child.ts';
import { CONFIG, INPUT_TYPE } from '../flags/files.ts';
import { text, toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { choiceOf, VARIABLE_FLAGS, variableOptions } from '../flags/variables.ts';
import { commonOptions, outputOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

/** Those of `commands/export`, which are loaded when one is used; a test looks that they are the same. */
export const EXPORT_FORMAT_NAMES: readonly string[] = [
  'shell',
  'fish',
  'dotenv',
  'json',
  'yaml',
  'github',
  'github-mask',
  'gitlab',
  'k8s-secret',
  'tfvars',
  'systemd-credentials',
];

const DESTINATIONS = ['env', 'output'] as const;

export const verb: Verb = {
  name: 'export',
  group: 'run',
  usage: 'export [flags] --format FORMAT FILE...',
  summary: 'hand values over to a shell, a pipeline, Kubernetes, Terraform, systemd',
  examples: [
    'eval "$(sotto export --format shell secrets.yaml || echo false)"',
    'sotto export --format k8s-secret --name shop secrets.yaml | kubectl apply -f -',
    'sotto export --format github --only "DB_*" secrets.yaml',
    'sotto export --format dotenv --output .env common.yaml production.yaml',
  ],
  flags: [
    text('format', 'FORMAT', `the language: ${EXPORT_FORMAT_NAMES.join(', ')}`, {
      values: EXPORT_FORMAT_NAMES,
    }),
    ...VARIABLE_FLAGS,
    text('output', 'FILE', 'write the result to FILE, which only you can read then'),
    toggle('reveal', 'print values on a terminal, too'),
    text('name', 'NAME', 'k8s-secret: the name of the Secret'),
    text('namespace', 'NAME', 'k8s-secret: its namespace'),
    text('to', 'WHERE', 'github: env for later steps of the job (as usual), output for other jobs', {
      values: DESTINATIONS,
    }),
    toggle('query', "json: read a query of Terraform's external data source from stdin"),
    INPUT_TYPE,
    ...DECRYPTION_FLAGS,
    ...CLEAR_VALUE_FLAGS,
    CONFIG,
  ],
  first: ['format', 'only', 'except', 'map', 'prefix', 'case', 'separator', 'output', 'reveal'],
  json: '{format, names, written}: the names, never a value',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const { exportVariables } = await import('../../commands/export/export.ts');
  const format = flags.text('format');
  const forTerraform = flags.boolean('query');
  if (forTerraform && format !== 'json')
    throw new SottoError('options-conflict', '--query is for --format json', {
      hint: 'leave one of the two out',
    });
  const named = { ...(await variableOptions(flags)), files: positionals };
  const asked = forTerraform
    ? await (await import('../../commands/export/query.ts')).readQuery(io, named)
    : {};
  const options = {
    ...commonOptions(context),
    ...named,
    ...asked,
    format,
    output: outputOptions(flags).output,
    reveal: flags.boolean('reveal'),
    name: flags.text('name'),
    namespace: flags.text('namespace'),
    to: choiceOf(flags, 'to', DESTINATIONS) ?? 'env',
    forTerraform,
  };
  if (options.files.length === 0)
    throw new SottoError('no-file', 'there is no file to take values from', {
      inSops: 'Error: no file specified',
      hint: 'for example: sotto export --format shell secrets.yaml',
    });
  const { stdout, names, written } = await exportVariables(options, io);
  const success = async (): Promise<string[]> => (written === undefined ? [] : [`wrote ${written}`]);
  return { stdout, success, report: { format, names, written } };
}
