import type { PublishResult } from '../../commands/publish/publish.ts';
import { oneLine } from '../../text/printable.ts';
import { CONFIG, VERBOSE, YES } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { overMany } from '../many-files.ts';
import { commonOptions, oneFile } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'publish',
  group: 'run',
  usage: 'publish [flags] FILE',
  summary: 'put a file into Vault, OpenBao, S3 or Google Cloud Storage',
  examples: [
    'sotto publish --yes secrets.yaml',
    'sotto publish --yes --recursive --omit-extensions secrets/',
  ],
  flags: [
    toggle('recursive', 'publish the encrypted files of a folder'),
    toggle('omit-extensions', 'name the secrets without the suffix of the files'),
    YES,
    ...DECRYPTION_FLAGS,
    CONFIG,
    VERBOSE,
  ],
  json: '[{file, url, status, error}]',
  exits: '1 when one of several files failed, or the answer for the only one was no.',
  logs: 'usage',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, root, io, likeSops, print, say } = context;
  const { publish } = await import('../../commands/publish/publish.ts');
  const { confirm } = await import('../confirm.ts');
  const { describeGroups } = await import('../key-plan.ts');
  const file = oneFile(context);
  const isYes = flags.boolean('yes');
  const isVerbose = flags.boolean('verbose') || root.boolean('verbose');
  const recursive = flags.boolean('recursive');
  const { results, failed, report } = await overMany(context, 'publishing', ({ update, clear }) =>
    publish(
      {
        ...commonOptions(context),
        file,
        recursive,
        omitExtensions: flags.boolean('omit-extensions'),
        confirm: async (name, url) => {
          if (isYes) return true;
          clear();
          return confirm(io.ask, `uploading ${oneLine(io.absolute(name))} to ${oneLine(url)} ? (y/n): `);
        },
        onPlan: (name, { groups }) => {
          clear();
          const title = likeSops
            ? "The following changes will be made to the file's key groups:"
            : `the copy of ${oneLine(name)} has other recipients than the file:`;
          const show = likeSops && !flags.boolean('json') ? print : say;
          show(`${[title, ...describeGroups(groups)].join('\n')}\n`);
        },
        inform: isVerbose ? (text) => say(`${text}\n`) : undefined,
        progress: update,
      },
      io,
    ),
  );
  const notes = results.flatMap((result) => noteOn(result, io.absolute(result.file), isVerbose));
  if (failed > 0) notes.push(`failed publishing ${failed} of ${results.length} files`);
  const isCanceled = !recursive && results.some(({ status }) => status === 'canceled');
  return {
    notes,
    success: async () => (isVerbose ? [] : results.flatMap(whereItWent)),
    report: report(({ file, url, status }) => ({ file, url, status })),
    exit: failed > 0 || isCanceled ? 1 : 0,
  };
}

function noteOn({ status, url }: PublishResult, path: string, isVerbose: boolean): string[] {
  if (status === 'canceled') return [`Publication of ${path} canceled`];
  return isVerbose ? whereItWent({ status, url }) : [];
}

function whereItWent({ status, url }: Pick<PublishResult, 'status' | 'url'>): string[] {
  if (url === undefined || status === 'canceled') return [];
  return [status === 'written' ? `${url} written` : `${url} is already up-to-date`];
}
