import { dirname } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { SecretPolicy } from '../../config/lifecycle/policy.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { SecretPolicies } from '../secret-policies.ts';
import type { CommonOptions, Tools } from '../settings.ts';
import { Allowed } from './allowed.ts';
import { Hooks } from './hook.ts';
import { JournalFolder } from './journal-folder.ts';
import { nameFrom } from './subject.ts';
import { Values } from './values.ts';

/** Milliseconds that a hook may take, unless told otherwise. */
export const USUAL_LIMIT: number = 5 * 60_000;

/** What the renewals of a run have in common. */
export interface WorkOptions extends CommonOptions {
  /** Hashes of programs that may run though nobody at this machine has looked at them. */
  readonly allowHooks: readonly string[];
  /** Milliseconds that a hook may take. */
  readonly limit?: number | undefined;
}

/** A configuration, with all that it takes to renew the values that it is about. */
export interface Workplace {
  /** Its folder: files and hooks are named from there. */
  readonly root: string;
  readonly policy: SecretPolicy;
  readonly values: Values;
  readonly journals: JournalFolder;
  readonly hooks: Hooks;
  readonly allowed: Allowed;
}

/** Finds the workplace of each file, once for all that have the same configuration. */
export class Workplaces {
  readonly #options: WorkOptions;
  readonly #tools: Tools;
  readonly #io: Io;
  readonly #known = new Map<Config, Promise<Workplace>>();

  constructor(options: WorkOptions, tools: Tools, io: Io) {
    this.#options = options;
    this.#tools = tools;
    this.#io = io;
  }

  /** That of the working folder. @throws SottoError `config-missing`, `config-invalid` */
  here(): Promise<Workplace> {
    return this.#at(undefined);
  }

  /** That of a file, and the file's name there. @throws SottoError `config-missing`, `renewal-invalid` */
  async for(file: string): Promise<{ readonly place: Workplace; readonly name: string }> {
    const path = this.#io.absolute(file);
    const place = await this.#at(path);
    const name = nameFrom(place.root, path);
    if (name !== undefined) return { place, name };
    throw new SottoError('renewal-invalid', `${file} is not below the folder of its configuration`, {
      hint: 'the policy of a repository is about its own files',
    });
  }

  #at(path: string | undefined): Promise<Workplace> {
    const config = this.#tools.configurations.for(path);
    if (config === undefined)
      throw new SottoError('config-missing', 'there is no .sops.yaml that says how values are renewed', {
        hint: '"sotto init" makes one; renewals stand in it under sotto: secrets:',
      });
    const known = this.#known.get(config) ?? this.#made(config);
    this.#known.set(config, known);
    return known;
  }

  async #made(config: Config): Promise<Workplace> {
    const [io, tools, options] = [this.#io, this.#tools, this.#options];
    const root = dirname(config.path);
    const policy = await (await SecretPolicies.load(root, io)).for(config);
    if (policy.isEmpty)
      throw new SottoError('renewal-invalid', 'nothing says how values are renewed', {
        file: config.path,
        hint: 'write lifecycle: true and secrets: under sotto: in .sops.yaml; docs/lifecycle.md has examples',
      });
    const values = new Values(root, options, tools, io);
    const allowed = new Allowed(root, options.allowHooks, io);
    return {
      root,
      policy,
      values,
      allowed,
      journals: new JournalFolder(root, values, options, tools, io),
      hooks: new Hooks(root, allowed, options.limit ?? USUAL_LIMIT, io),
    };
  }
}
