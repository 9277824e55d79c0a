#!/usr/bin/env node
// A hook for `sotto renew`: key and certificate of a server. Its arguments are HOST:PORT, the folder in which the server
// looks for tls.pem (key and certificate in one file, so that they are always a pair), and, if it has to be told, the
// number of its process, which gets a SIGHUP. The need is the key.
import { X509Certificate } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';

const TRY_AGAIN = 75;
const [, , address, folder, server] = process.argv;
const [, host, port] = /^(.*):(\d+)$/.exec(address);
const { next, needs } = JSON.parse(readFileSync(0, 'utf8'));
const [key] = Object.values(needs);

switch (process.env.SOTTO_STEP) {
  case 'set': {
    const path = join(folder, 'tls.pem');
    const file = openSync(`${path}.new`, 'w', 0o600);
    writeSync(file, key + next);
    fsyncSync(file);
    closeSync(file);
    renameSync(`${path}.new`, path);
    if (server !== undefined) process.kill(Number(server), 'SIGHUP');
    break;
  }
  case 'test': {
    const shown = await certificateOf(host, Number(port));
    // The server needs a moment to read its file.
    if (shown !== new X509Certificate(next).fingerprint256) process.exit(TRY_AGAIN);
    break;
  }
  default:
    process.exit(64);
}

/** Which certificate a server shows; whether somebody trusts it is not the question. */
function certificateOf(host, port) {
  return new Promise((accept) => {
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: 10_000 }, () => {
      accept(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    const fail = (error) => {
      console.error(`${address}: ${error?.message ?? 'no answer'}`);
      process.exit(TRY_AGAIN);
    };
    socket.on('error', fail);
    socket.on('timeout', () => fail());
  });
}
