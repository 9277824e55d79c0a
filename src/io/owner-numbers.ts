import { SottoError } from '../errors.ts';
import { runSystemProgram } from './system-program.ts';

/** Whose a file is, by the numbers of the system; what is left out stays as it is. */
export interface OwnerNumbers {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * The numbers of `USER`, `USER:GROUP` or `:GROUP`; a user's name alone stands for the group of that user, too.
 *
 * @throws SottoError `user-invalid`
 */
export function ownerNumbers(owner: string): OwnerNumbers {
  const [user = '', group] = owner.split(':');
  const account = user === '' || isNumber(user) ? undefined : fieldsOf('passwd', user);
  const uid = isNumber(user) ? user : account?.[2];
  const gid = group === undefined ? account?.[3] : isNumber(group) ? group : fieldsOf('group', group)[2];
  return {
    ...(uid === undefined ? {} : { uid: Number(uid) }),
    ...(gid === undefined ? {} : { gid: Number(gid) }),
  };
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

/** A line of a database of the system (passwd(5), group(5)). */
function fieldsOf(database: 'passwd' | 'group', name: string): string[] {
  const fields = (runSystemProgram('getent', [database, name]) ?? '').trim().split(':');
  if (fields[0] === name && isNumber(fields[2] ?? '')) return fields;
  throw new SottoError('user-invalid', `there is no ${database === 'group' ? 'group' : 'user'} ${name}`, {
    hint: 'check the name; where there is no "getent", owners are numbers',
  });
}
