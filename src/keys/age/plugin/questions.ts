import { fromUnpadded } from '../base64.ts';
import type { Stanza } from '../stanza.ts';
import { message, type PluginHost, textOf } from './session.ts';

const FAIL = message('fail');

/**
 * The answer to what a plugin has to say to people, or to ask them (C2SP age-plugin.md, "Phase 2").
 *
 * @returns `undefined` for what is meant for the program; `fail` where nobody can be asked: the plugin decides what then
 * @throws Error for a question that is not as the protocol has it
 */
export async function answerFor(
  { type, args, body }: Stanza,
  name: string,
  host: PluginHost,
): Promise<Stanza | undefined> {
  const text = `age-plugin-${name}: ${textOf(body)}`;
  switch (type) {
    case 'msg':
      host.complain(`${text}\n`);
      return message('ok');
    case 'request-public':
      return replyWith(await host.askOpenly(`${text} `));
    case 'request-secret':
      return replyWith(await host.askSecret(`${text} `));
    case 'confirm':
      return confirm(text, args, host);
    default:
      return undefined;
  }
}

function replyWith(answer: string | undefined): Stanza {
  return answer === undefined ? FAIL : message('ok', [], Buffer.from(answer));
}

async function confirm(text: string, args: readonly string[], host: PluginHost): Promise<Stanza> {
  const [yes, no] = args.map((arg) => fromUnpadded(arg)).map(optionText);
  if (yes === undefined || args.length > 2) throw new Error('its question is not in the protocol of plugins');
  const choices = no === undefined ? `press Enter for ${yes}` : `1: ${yes}, 2: ${no}`;
  for (;;) {
    const answer = await host.askOpenly(`${text} (${choices}) `);
    if (answer === undefined) return FAIL;
    if (no === undefined || answer.trim() === '1') return message('ok', ['yes']);
    if (answer.trim() === '2') return message('ok', ['no']);
  }
}

function optionText(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : textOf(bytes);
}
