import type { HookManager } from '../../commands/init/hooks.ts';
import type { InitResult, Questions, Step } from '../../commands/init/init.ts';
import { SottoError } from '../../errors.ts';
import { oneLine } from '../../text/printable.ts';
import { YES } from '../flags/files.ts';
import { list, text, toggle } from '../flags/flag.ts';
import type { Context, Output, Verb } from '../verb.ts';

const HOOKS = ['auto', 'git', 'husky', 'lefthook', 'pre-commit', 'none'] as const;

export const verb: Verb = {
  name: 'init',
  group: 'start',
  isFirst: true,
  usage: 'init [flags]',
  summary: 'make a git repository ready for secrets',
  examples: ['sotto init --yes --key alice.key', 'sotto init --local', 'sotto init --remove --dry-run'],
  flags: [
    text('key', 'FILE', 'your key: an age identity file, a public SSH key, or "new"'),
    text('name', 'NAME', "your name in .sops.yaml (git's user.name unless given)"),
    text('recovery', 'RECIPIENT', 'a second recipient, whose key is kept offline'),
    list('files', 'GLOB,...', 'files that are to be encrypted', { repeats: 'always' }),
    text('hook', 'NAME', 'what calls hooks: auto, git, husky, lefthook, pre-commit, or none', {
      values: HOOKS,
    }),
    toggle('local', 'this clone only: merge driver, diffs, hook'),
    toggle('people', 'only give .sops.yaml people and teams in the place of lists of recipients'),
    toggle('dry-run', 'show what would be done'),
    YES,
    toggle('remove', 'take out what init made; keys and encrypted files stay'),
  ],
  json: '{steps: [{sign, what, how}], remarks, next}',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io, warn } = context;
  const { init } = await import('../../commands/init/init.ts');
  if (positionals.length > 0) {
    throw new SottoError('usage', 'init takes no files behind its flags', { hint: 'name them with --files' });
  }
  const isDry = flags.boolean('dry-run');
  if (flags.boolean('remove')) {
    const { removeInit } = await import('../../commands/init/remove.ts');
    return outputOf(await removeInit(isDry, io));
  }
  if (flags.boolean('people')) {
    const { givePeople } = await import('../../commands/init/people.ts');
    return outputOf(await givePeople(isDry, io));
  }
  const result = await init(
    {
      key: flags.text('key'),
      name: flags.text('name'),
      recovery: flags.text('recovery'),
      files: flags.list('files') ?? [],
      hook: hookOf(flags.text('hook')),
      isLocal: flags.boolean('local'),
      isDry,
      questions: flags.boolean('yes') || isDry ? FIRST_ANSWERS : questionsOf(context),
    },
    io,
  );
  for (const remark of result.remarks) warn({ message: remark });
  return outputOf(result);
}

/** @throws SottoError `usage` */
function hookOf(word: string | undefined): HookManager | 'auto' | 'none' | undefined {
  if (word === undefined) return undefined;
  const known = HOOKS.find((one) => one === word);
  if (known !== undefined) return known;
  throw new SottoError('usage', `--hook takes ${HOOKS.join(', ')}`, {
    hint: 'auto takes what the repository uses',
  });
}

function outputOf({ steps, remarks, next }: InitResult): Output {
  const width = Math.max(0, ...steps.map(({ what }) => what.length));
  return {
    notes: [
      ...(steps.length === 0 ? ['nothing to do'] : steps.map((step) => describe(step, width))),
      ...(next === undefined ? [] : [`next: ${next}`]),
    ],
    report: { steps, remarks, next },
  };
}

function describe({ sign, what, how }: Step, width: number): string {
  return oneLine(`  ${sign} ${what.padEnd(width)}   ${how}`).trimEnd();
}

/** What Enter would answer. */
const FIRST_ANSWERS: Questions = {
  key: async () => 0,
  files: async (globs) => globs,
  hook: async () => true,
};

function questionsOf({ io }: Context): Questions {
  const ask = async (question: string): Promise<string> => {
    const answer = await io.ask(question);
    if (answer !== undefined) return answer.trim();
    throw new SottoError('canceled', 'nobody answered; nothing was changed', {
      hint: '--yes takes the first answer to each question; flags answer them one by one',
    });
  };
  return {
    key: async (labels) => {
      const choices = labels.map((label, index) => `${index + 1} ${label}`).join('  ');
      for (;;) {
        const answer = await ask(`Key: ${choices}   [1] `);
        const number = answer === '' ? 1 : Number(answer);
        if (Number.isInteger(number) && number >= 1 && number <= labels.length) return number - 1;
      }
    },
    files: async (globs) => {
      const answer = await ask(`Files with secrets: ${globs.join(', ')}   [Enter, or patterns] `);
      return answer === '' ? globs : answer.split(/[\s,]+/).filter((glob) => glob !== '');
    },
    hook: async (manager) => {
      const where = manager === 'git' ? '' : ` by ${manager}`;
      const answer = await ask(`Check commits and pushes here${where}?   [Y] `);
      return !/^n/i.test(answer);
    },
  };
}
