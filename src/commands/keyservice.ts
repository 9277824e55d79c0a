import { RunAuditor } from '../audit/auditor.ts';
import type { Warning } from '../core/splice/warning.ts';
import { messageOf, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { Address } from '../keys/host.ts';
import { Keyring } from '../keys/keyring.ts';
import { socketAt, tcpAddress, uriOf } from '../keys/service/address.ts';
import { Responder } from '../keys/service/responder.ts';
import { isLoopback } from '../text/loopback.ts';

/** Options of `keyservice`. */
export interface KeyServiceOptions {
  /** `tcp` or `unix`. */
  readonly network: string;
  /** `host:port`, or the path of a socket. */
  readonly address: string;
  /** Asks somebody before a request is answered; undefined is no answer. All are answered unless given. */
  readonly confirm?: ((request: string, signal: AbortSignal) => Promise<boolean | undefined>) | undefined;
  /** Listen where other machines can connect. */
  readonly allowRemote: boolean;
  /** Told where it listens, once it does. */
  readonly listening: (uri: string) => void;
  readonly likeSops?: boolean;
  /** Told that an answer could not be recorded. */
  readonly warn?: (warning: Warning) => void;
  /** Told of each request and what came of it, in one line. */
  readonly report?: ((line: string) => void) | undefined;
}

/**
 * Wrap and unwrap data keys for others with the keys of this machine, until a signal ends it.
 *
 * @throws SottoError `address-invalid`, `address-unsafe`, `listen-failed`, `dependency-missing`
 */
export async function keyservice(options: KeyServiceOptions, io: Io): Promise<void> {
  const address = await addressOf(options, io);
  const stopped = new AbortController();
  const { confirm, report, likeSops, warn = () => undefined } = options;
  const responder = new Responder({
    keyring: new Keyring({
      host: io,
      auditor: new RunAuditor(io, { task: { verb: 'keyservice' }, likeSops, warn }),
    }),
    ...(report === undefined ? {} : { report }),
    ...(confirm === undefined
      ? {}
      : { confirm: (request, signal) => confirm(request, AbortSignal.any([signal, stopped.signal])) }),
  });
  const ended = io.untilStopped();
  const serving = await io.serve(address, responder.methods);
  options.listening(uriOf(serving.address));
  const signal = await ended;
  report?.(`Caught signal ${signal}: shutting down.`);
  stopped.abort();
  serving.stop();
}

async function addressOf({ network, address, allowRemote }: KeyServiceOptions, io: Io): Promise<Address> {
  if (network === 'unix') {
    if (io.platform === 'win32')
      throw new SottoError('not-supported', 'sockets of Unix are not there on Windows', {
        hint: 'listen on --network tcp',
      });
    return socketAt(io.absolute(address));
  }
  if (network !== 'tcp') {
    const inSops = `listen ${network}: unknown network ${network}`;
    throw new SottoError('address-invalid', `there is no network ${network}`, {
      hint: '--network is tcp or unix',
      inSops,
    });
  }
  const { host, port } = tcpAddress(address);
  const hosts = host === '' ? ['::'] : await resolve(host, io);
  const [first = host] = hosts;
  if (!allowRemote && !hosts.every(isLoopback)) throw unsafe(address);
  return { network, host: first, port };
}

async function resolve(host: string, io: Io): Promise<string[]> {
  try {
    return await io.addressesOf(host);
  } catch (error) {
    throw new SottoError('address-invalid', `the key service has no address ${host}: ${messageOf(error)}`, {
      inSops: `Error running keyservice: ${host}: ${messageOf(error)}`,
      hint: 'check the name in --address; 127.0.0.1 is this machine',
    });
  }
}

function unsafe(address: string): SottoError {
  return new SottoError(
    'address-unsafe',
    `${address} can be reached from other machines, and there is no TLS`,
    {
      hint: 'data keys would cross the network in clear; listen on 127.0.0.1 or on a socket (--network unix) and forward it with ssh, or add --allow-remote',
    },
  );
}
