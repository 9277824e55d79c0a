import type { Format } from '../../core/format.ts';
import type { MetadataMap } from '../../core/metadata.ts';
import { dotenv } from './index.ts';
import { standard } from './standard/index.ts';

/** The dialect that marks or settings name; sops's if they name none. */
export function dialectOf({ dialect = 'sops' }: MetadataMap): Format | undefined {
  if (dialect === 'sops') return dotenv;
  return dialect === 'standard' ? standard : undefined;
}
