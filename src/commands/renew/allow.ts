import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { oneLine } from '../../text/printable.ts';
import { toolsOf } from '../settings.ts';
import { readRecipe } from './generate/index.ts';
import { type HookProgram, readHookProgram } from './hook-program.ts';
import { type WorkOptions, Workplaces } from './workplace.ts';

/** Options of `allow`. */
export interface AllowOptions extends WorkOptions {
  /** Hashes of programs that somebody has looked at before; left out, all are shown and asked for. */
  readonly hashes: readonly string[];
  /** Asked for each program that was not allowed yet. */
  readonly confirm: (program: HookProgram) => Promise<boolean>;
}

/** A program that a policy names, and whether it may run. */
export interface ProgramState {
  readonly program: HookProgram;
  readonly state: 'allowed before' | 'allowed' | 'not allowed';
}

/**
 * Let programs of a policy run on this machine, as they are now.
 *
 * @throws SottoError `hook-refused` for a hash that no program of the policy has
 */
export async function allow(options: AllowOptions, io: Io): Promise<readonly ProgramState[]> {
  const place = await new Workplaces(options, toolsOf(io, options), io).here();
  const programs = new Map<string, HookProgram>();
  for (const { value } of place.policy.renewals) {
    const recipe = value.generate === undefined ? undefined : await readRecipe(value.generate);
    for (const words of [value.hook, recipe?.program ?? []]) {
      if (words.length === 0) continue;
      const program = readHookProgram(words, place.root, io);
      programs.set(program.hash, program);
    }
  }
  const unknown = options.hashes.find((hash) => !programs.has(hash));
  if (unknown !== undefined)
    throw new SottoError('hook-refused', `no program of the policy is ${oneLine(unknown)}`, {
      hint: '"sotto allow" shows what each is now; one that was changed is another one',
    });
  const states: ProgramState[] = [];
  for (const program of programs.values()) {
    if (place.allowed.has(program)) {
      states.push({ program, state: 'allowed before' });
      continue;
    }
    const isNamed = options.hashes.includes(program.hash);
    const isMeant = isNamed || (options.hashes.length === 0 && (await options.confirm(program)));
    if (isMeant) place.allowed.add(program);
    states.push({ program, state: isMeant ? 'allowed' : 'not allowed' });
  }
  return states;
}
