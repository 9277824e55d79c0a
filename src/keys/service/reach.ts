import { messageOf } from '../../errors.ts';
import type { Recipient } from '../kind.ts';
import type { KeyName } from './key-message.ts';
import type { KeyService } from './key-service.ts';

/**
 * A recipient that key services can wrap for, too: they are asked in their order, behind this machine.
 *
 * @param name the fields of its entries; asked for when a service is needed, it may fail with the reason
 * @param isLocal false where keys of this machine are not to be used
 */
export function reaching(
  recipient: Recipient,
  name: () => KeyName,
  services: readonly KeyService[],
  isLocal: boolean,
): Recipient {
  return {
    ...recipient,
    wrap: async (dataKey) => {
      const reasons: string[] = [];
      const ways = [
        ...(isLocal ? [() => recipient.wrap(dataKey)] : []),
        ...services.map((service) => async () => service.wrap(name(), dataKey)),
      ];
      for (const wrap of ways) {
        try {
          return await wrap();
        } catch (error) {
          reasons.push(messageOf(error));
        }
      }
      throw new Error([...new Set(reasons)].join('; '));
    },
  };
}
