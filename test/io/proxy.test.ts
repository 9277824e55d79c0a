import { expect, test } from 'vitest';
import { proxyFor } from '../../src/io/proxy.ts';

const PROXY = 'http://proxy.example:3128';
const through = (url: string, environment: { readonly [name: string]: string }): string | undefined =>
  proxyFor(environment, new URL(url))?.href;

test('a proxy is that of the scheme, in either spelling of its variable', () => {
  expect(through('https://a.example', { HTTPS_PROXY: PROXY })).toBe(`${PROXY}/`);
  expect(through('https://a.example', { https_proxy: 'proxy.example:3128' })).toBe(`${PROXY}/`);
  expect(through('http://a.example', { HTTP_PROXY: PROXY })).toBe(`${PROXY}/`);
  expect(through('http://a.example', { HTTPS_PROXY: PROXY })).toBeUndefined();
  expect(() => through('https://a.example', { HTTPS_PROXY: 'ftp://proxy.example' })).toThrow('HTTPS_PROXY');
});

test('in a CGI program whoever asks does not choose the proxy', () => {
  expect(through('http://a.example', { HTTP_PROXY: PROXY, REQUEST_METHOD: 'GET' })).toBeUndefined();
});

test.each([
  ['a.example', 'https://a.example', true],
  ['a.example', 'https://b.a.example', true],
  ['a.example', 'https://ba.example', false],
  ['.a.example', 'https://a.example', false],
  ['*.a.example', 'https://b.a.example', true],
  ['A.Example , x', 'https://a.example', true],
  ['a.example:8200', 'https://a.example:8200', true],
  ['a.example:8200', 'https://a.example', false],
  ['10.0.0.0/8', 'https://10.1.2.3', true],
  ['10.0.0.0/8', 'https://11.1.2.3', false],
  ['fd00::/8', 'https://[fd00::1]', true],
  ['*', 'https://a.example', true],
  ['', 'https://127.0.0.1', true],
  ['', 'https://[::1]', true],
  ['', 'https://localhost', true],
])('NO_PROXY=%s leaves out %s: %s', (list, url, isLeftOut) => {
  const environment = { HTTPS_PROXY: PROXY, NO_PROXY: list };
  expect(through(url, environment)).toBe(isLeftOut ? undefined : `${PROXY}/`);
});
