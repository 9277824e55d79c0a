import { edit } from '../commands/edit.ts';
import type { SottoError } from '../errors.ts';
import type { Context } from './context.ts';
import { commonOptions, creationOptions, requireOne } from './options.ts';
import type { Output } from './output.ts';
import { showText } from './text-output.ts';

const QUESTION = 'Press enter to return to the editor, or Ctrl+C to exit.';

export async function run(context: Context): Promise<Output> {
  const { invocation, io, complain } = context;
  const file = requireOne(context);
  const options = {
    ...commonOptions(context),
    ...creationOptions(invocation),
    file,
    showMetadata: invocation.flags.boolean('show-master-keys'),
    tryAgain: async (problem: SottoError): Promise<boolean> => {
      complain(problem);
      return (await io.ask(QUESTION)) !== undefined;
    },
  };
  const { stdout: _, ...result } = showText(file, await edit(options, io));
  return result;
}
