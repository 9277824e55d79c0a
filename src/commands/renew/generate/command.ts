import type { Generator } from './recipe.ts';

/** What a program of the user's prints, without the line break at its end. */
export const command: Generator = (settings) => {
  const program = settings.texts('command');
  if ((program[0] ?? '') === '')
    throw settings.problem('command needs a program', 'write it below kind: command: [./make-token, shop]');
  return {
    says: program.join(' '),
    of: [],
    program,
    make: async (_, workshop) => ({ text: await workshop.run(program) }),
  };
};
