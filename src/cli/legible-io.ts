import type { Io } from '../io/io.ts';
import { legible } from '../printable.ts';

/**
 * The outside world as verbs and keys get it: whatever they say or ask goes through {@link legible}, so that no text of
 * strangers (names of files, recipients, answers of servers) can move the cursor, or hide and turn around what it says.
 * Colours and cleared lines are made beside it, by those who print (`voice`, `progress`).
 */
export function legibleIo(io: Io): Io {
  const speech: Pick<Io, 'complain' | 'ask' | 'askSecret' | 'askOpenly'> = {
    complain: (text) => io.complain(legible(text)),
    ask: (question) => io.ask(legible(question)),
    askSecret: (question) => io.askSecret(legible(question)),
    askOpenly: (question, signal) => io.askOpenly(legible(question), signal),
  };
  return new Proxy(io, {
    get: (target, name) => Reflect.get(Reflect.has(speech, name) ? speech : target, name),
  });
}
