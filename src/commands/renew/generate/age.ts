import { identityIn, newIdentityFile } from '../../../keys/age/identity.ts';
import type { Generator } from './recipe.ts';

/** An age identity, and its recipient as the public half. */
export const age: Generator = (settings) => {
  const isHybrid = settings.flag('pq');
  return {
    says: isHybrid ? 'an age identity that is safe against quantum computers' : 'an age identity',
    of: [],
    publicHalf: settings.value('public'),
    make: async (_, { machine }) => {
      const { text, recipient } = await newIdentityFile(machine.now(), isHybrid ? 'hybrid' : 'x25519');
      return { text: identityIn(text), publicText: recipient };
    },
  };
};
