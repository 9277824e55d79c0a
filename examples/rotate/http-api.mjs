#!/usr/bin/env node
// A hook for `sotto renew`: a token that an API issues, and that can issue its own successor. Its argument is the address.
import { readFileSync } from 'node:fs';

const TRY_AGAIN = 75;
const [, , address] = process.argv;
const { current, next, previous } = JSON.parse(readFileSync(0, 'utf8'));

switch (process.env.SOTTO_STEP) {
  case 'create': {
    const response = await ask('POST', '/tokens', current);
    require(response, 201);
    console.log((await response.json()).token);
    break;
  }
  case 'test':
    require(await ask('GET', '/whoami', next), 200);
    break;
  case 'revoke': {
    // What a token can do is end itself; one that has ended already gets a 401.
    const response = await ask('DELETE', '/tokens/self', previous);
    if (response.status !== 401) require(response, 204);
    break;
  }
  default:
    // The service knows its own tokens.
    process.exit(64);
}

async function ask(method, path, token) {
  try {
    return await fetch(new URL(path, address), {
      method,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(10_000),
    });
  } catch (error) {
    console.error(`${address}: ${error.message}`);
    process.exit(TRY_AGAIN);
  }
}

function require({ status }, wanted) {
  if (status === wanted) return;
  console.error(`${address} answered with ${status}`);
  process.exit(status === 429 || status >= 500 ? TRY_AGAIN : 1);
}
