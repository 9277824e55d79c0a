import { posix } from 'node:path';
import type { Config } from '../config/config.ts';
import { type PolicyPart, SecretPolicy } from '../config/lifecycle/policy.ts';
import { readPolicy, readPolicyText } from '../config/lifecycle/read.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { decodeUtf8 } from '../operations/content.ts';

/** Names a policy that a pipeline adds to that of the repository. */
export const POLICY_VARIABLE = 'SOTTO_POLICY';
const MACHINE_POLICY = 'sotto/policy.yaml';

/** What is asked of the values of a repository: by its configurations, SOTTO_POLICY, and `/etc/sotto/policy.yaml`. */
export class SecretPolicies {
  readonly #others: readonly PolicyPart[];
  readonly #known = new Map<Config | undefined, Promise<SecretPolicy>>();

  private constructor(others: readonly PolicyPart[]) {
    this.#others = others;
  }

  /**
   * @param top absolute: the top of the repository, where paths begin that no configuration says
   * @throws SottoError `config-invalid` with line and column; `input-unreadable`: a duty that can't be read is not left out
   */
  static async load(top: string, io: Io): Promise<SecretPolicies> {
    const parts: PolicyPart[] = [];
    const named = io.environment[POLICY_VARIABLE] ?? '';
    if (named !== '') parts.push(await partIn(io.absolute(named), 'environment', top, io));
    const own = posix.join(io.machineFolder, MACHINE_POLICY);
    if (io.exists(own)) parts.push(await partIn(own, 'machine', top, io));
    return new SecretPolicies(parts);
  }

  /** What is asked of the files of a configuration. @throws SottoError `config-invalid` with line and column */
  for(config: Config | undefined): Promise<SecretPolicy> {
    const known = this.#known.get(config) ?? this.#with(config);
    this.#known.set(config, known);
    return known;
  }

  async #with(config: Config | undefined): Promise<SecretPolicy> {
    const own = config === undefined ? [] : [await readPolicy(config)];
    return new SecretPolicy([...own, ...this.#others]);
  }
}

async function partIn(
  path: string,
  strength: PolicyPart['strength'],
  folder: string,
  io: Io,
): Promise<PolicyPart> {
  try {
    return await readPolicyText(decodeUtf8(io.readSetting(path), path), path, { strength, folder });
  } catch (error) {
    if (!(error instanceof SottoError) || error.code === 'config-invalid') throw error;
    throw error.with({ file: path, hint: 'it says how old values may become; nothing is done without it' });
  }
}
