import type { Config, CreationRule } from '../config/config.ts';
import type { Format } from '../core/format.ts';
import { SottoError } from '../errors.ts';

/**
 * A format in the dialect that a file's rule names, for plain text that is to be encrypted. An encrypted file says
 * itself what it is in.
 *
 * @throws SottoError `config-invalid` for one that is not known
 */
export function inDialect(
  format: Format,
  rule: CreationRule | undefined,
  config: Config | undefined,
): Format {
  const settings = rule?.stores[format.name];
  if (settings === undefined || format.dialect === undefined) return format;
  const dialect = format.dialect(settings);
  if (dialect !== undefined) return dialect;
  throw new SottoError('config-invalid', `${format.name} has no such dialect: ${settings['dialect'] ?? ''}`, {
    ...(config === undefined ? {} : { file: config.path }),
    hint: 'see sotto.stores in the rule for this file',
  });
}
