import { type PublishResult, publish } from '../commands/publish.ts';
import { oneLine } from '../printable.ts';
import { confirm } from './confirm.ts';
import type { Context } from './context.ts';
import { commonOptions, oneFile } from './options.ts';
import type { Output } from './output.ts';
import { renderError } from './report.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io, say, complain } = context;
  const { flags, root } = invocation;
  const line = context.progressing('publishing');
  const file = oneFile(context);
  const isYes = flags.boolean('yes');
  const isVerbose = flags.boolean('verbose') || root.boolean('verbose');
  const recursive = flags.boolean('recursive');
  const results = await publish(
    {
      ...commonOptions(context),
      file,
      recursive,
      omitExtensions: flags.boolean('omit-extensions'),
      confirm: async (name, url) => {
        if (isYes) return true;
        line.clear();
        return confirm(io.ask, `uploading ${oneLine(io.absolute(name))} to ${oneLine(url)} ? (y/n): `);
      },
      ...(isVerbose ? { inform: (text: string) => say(`${text}\n`) } : {}),
      ...(line.update === undefined ? {} : { progress: line.update }),
    },
    io,
  ).finally(line.clear);
  const failures = results.flatMap(({ error }) => (error === undefined ? [] : [error]));
  for (const error of failures) complain(error);
  const notes = results.flatMap((result) => noteOn(result, io.absolute(result.file), isVerbose));
  if (failures.length > 0) notes.push(`failed publishing ${failures.length} of ${results.length} files`);
  const isCanceled = !recursive && results.some(({ status }) => status === 'canceled');
  return { notes, report: results.map(reportOn), exit: failures.length > 0 || isCanceled ? 1 : 0 };
}

function noteOn({ status, url }: PublishResult, path: string, isVerbose: boolean): string[] {
  if (status === 'canceled') return [`Publication of ${path} canceled`];
  if (!isVerbose || url === undefined) return [];
  return [status === 'written' ? `${url} written` : `${url} is already up-to-date`];
}

function reportOn({ file, url, status, error }: PublishResult): object {
  return { file, url, status, ...(error && { error: renderError(error) }) };
}
