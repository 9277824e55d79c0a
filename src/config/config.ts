import type { MetadataMap } from '../core/sops/metadata.ts';
import type { Selector } from '../core/sops/policy.ts';
import type { Warning } from '../core/splice/warning.ts';
import type { ConfigValue } from './value.ts';

/** A recipient as an option or a rule names it; nobody checked it yet. */
export interface NamedRecipient {
  readonly kind: string;
  readonly id: string;
  /** The fields of its entries, where a mapping names it: its text need not have them all. */
  readonly fields?: MetadataMap;
  /** Where a rule names it. */
  readonly place?: ConfigValue['place'];
}

/** A rule that matched a file. */
export interface CreationRule {
  /** For messages: `rule 2 of /x/.sops.yaml`. */
  readonly name: string;
  /** From 1. */
  readonly number: number;
  /** It has no path_regex. */
  readonly isForAll: boolean;
  readonly groups: readonly (readonly NamedRecipient[])[];
  readonly threshold?: number;
  readonly selector?: Selector;
  readonly macOnlyEncrypted: boolean;
  /** The type of the file where its suffix does not say it, `sotto.format`. */
  readonly format?: string;
  /** Settings of formats by name, `sotto.stores`. */
  readonly stores: { readonly [format: string]: StoreSettings };
}

/** Settings of a format. */
export interface StoreSettings {
  readonly [name: string]: string;
}

/** Where `publish` puts a file. */
export type Destination =
  | {
      readonly kind: 'vault';
      /** As the rule has it; `undefined` leaves it to VAULT_ADDR. */
      readonly address: string | undefined;
      /** Where the secrets engine is mounted. */
      readonly mount: string;
      /** The version of the secrets engine (KV). */
      readonly version: 1 | 2;
      /** Folder of the secrets. */
      readonly path: string;
    }
  | {
      readonly kind: 's3' | 'gcs';
      readonly bucket: string;
      /** In front of the names of objects, as it is. */
      readonly prefix: string;
    };

/** A rule of `destination_rules` that matched a file. */
export interface DestinationRule {
  /** `undefined` if it names none. */
  readonly destination: Destination | undefined;
  /** The names of the secrets are those of the files without their suffix. */
  readonly omitExtensions: boolean;
  /** How a copy in a bucket is encrypted, `recreation_rule`. */
  readonly recreation: CreationRule | undefined;
}

/** A configuration file, read. */
export interface Config {
  /** Absolute. */
  readonly path: string;
  /** All of it; `undefined` if nothing stands there. */
  readonly root: ConfigValue | undefined;
  /** Rules as they stand in the file; `undefined` if there is no `creation_rules`, which counts as no configuration. */
  readonly rules: readonly ConfigValue[] | undefined;
  /** `destination_rules` as they stand in the file. */
  readonly destinations: readonly ConfigValue[];
  /** Indentation by format, `stores.<format>.indent`. */
  readonly indent: { readonly [format: string]: number };
  readonly warnings: readonly Warning[];
  /** Those that only matter to who publishes. */
  readonly destinationWarnings: readonly Warning[];
}
