import { hash } from 'bcryptjs';
import { SottoError } from '../../../errors.ts';
import type { Generator } from './recipe.ts';

/** bcrypt takes no notice of what stands behind these bytes. */
const MOST_BYTES = 72;

/** A line for the password file of a web server, made of a password. */
export const htpasswd: Generator = (settings) => {
  const from = settings.requiredValue('from');
  const user = settings.text('user') ?? '';
  const cost = settings.whole('cost', { usual: 10, least: 8, most: 14 });
  if (user === '' || /[:\p{C}]/u.test(user))
    throw settings.problem('htpasswd needs user, without a colon in it', 'write it below kind: user: admin');
  return {
    says: `a line of htpasswd for ${user}, of ${from.text}`,
    of: [from],
    make: async ([password = '']) => {
      if (Buffer.byteLength(password) > MOST_BYTES || password.includes('\0'))
        throw new SottoError('set-invalid', `${from.text} is too long for bcrypt, which reads 72 bytes`, {
          hint: 'give the password a shorter length',
        });
      // One algorithm, of which web servers know this name.
      return { text: `${user}:${(await hash(password, cost)).replace(/^\$2[abxy]\$/, '$2y$')}` };
    },
  };
};
