import { SottoError } from '../../errors.ts';
import { CONFIG } from '../flags/files.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'krm',
  group: 'run',
  usage: 'krm [flags]',
  summary: 'generate Secrets of Kubernetes for kustomize, as a KRM function',
  examples: ['kustomize build --enable-alpha-plugins --enable-exec . | kubectl apply -f -'],
  flags: [...DECRYPTION_FLAGS, CONFIG],
  run,
};

async function run(context: Context): Promise<Output> {
  const { positionals, io } = context;
  if (positionals.length > 0)
    throw new SottoError('usage', 'krm takes no files', {
      hint: 'the ResourceList on stdin names them; see docs/deploy/kubernetes.md',
    });
  if (io.isShown('stdout'))
    throw new SottoError('usage', 'the values would stand on this terminal', {
      hint: 'kustomize calls it; to look at what it gets, send it to a file',
    });
  const { krm } = await import('../../commands/krm/krm.ts');
  return { stdout: await krm(commonOptions(context), io) };
}
