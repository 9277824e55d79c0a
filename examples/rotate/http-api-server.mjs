#!/usr/bin/env node
// An API with tokens, to try http-api.mjs with: http-api-server.mjs PORT FIRST_TOKEN
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const [, , port = '0', first] = process.argv;
const tokens = new Set([first ?? randomBytes(24).toString('base64url')]);

const server = createServer((request, response) => {
  const answer = (status, data) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(data === undefined ? '' : JSON.stringify(data));
  };
  const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
  if (!tokens.has(token)) return answer(401, { error: 'unknown token' });
  switch (`${request.method} ${request.url}`) {
    case 'POST /tokens': {
      const made = randomBytes(24).toString('base64url');
      tokens.add(made);
      return answer(201, { token: made });
    }
    case 'GET /whoami':
      return answer(200, { tokens: tokens.size });
    case 'DELETE /tokens/self':
      tokens.delete(token);
      return answer(204);
    default:
      return answer(404, { error: 'no such place' });
  }
});
server.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
