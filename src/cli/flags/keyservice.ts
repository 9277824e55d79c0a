import type { Flag } from './flag.ts';

/** How a key service runs. */
export const KEYSERVICE_FLAGS: readonly Flag[] = [
  {
    name: 'network',
    alias: 'net',
    kind: 'text',
    value: 'NETWORK',
    values: ['tcp', 'unix'],
    help: 'tcp or unix (default tcp); also --net',
    places: ['keyservice'],
  },
  {
    name: 'address',
    alias: 'addr',
    kind: 'text',
    value: 'ADDRESS',
    help: 'HOST:PORT, or the path of a socket (default 127.0.0.1:5000); also --addr',
    places: ['keyservice'],
  },
  {
    name: 'prompt',
    kind: 'boolean',
    help: 'ask on the terminal before each request is answered',
    places: ['keyservice'],
  },
  {
    name: 'allow-remote',
    kind: 'boolean',
    help: 'listen where other machines can connect; there is no TLS',
    places: ['keyservice'],
  },
];
