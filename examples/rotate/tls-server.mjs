#!/usr/bin/env node
// A server with TLS, to try tls-certificate.mjs with: tls-server.mjs PORT FOLDER. On SIGHUP it reads its file again.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';

const [, , port, folder] = process.argv;
const read = () => {
  const text = readFileSync(join(folder, 'tls.pem'), 'utf8');
  return { key: text, cert: text.slice(text.indexOf('-----BEGIN CERTIFICATE-----')) };
};
const server = createServer(read(), (_, response) => response.end('hello\n'));
process.on('SIGHUP', () => server.setSecureContext(read()));
server.listen(Number(port), '127.0.0.1', () => console.log(server.address().port));
