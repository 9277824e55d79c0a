import { join } from 'node:path';
import { expect, test } from 'vitest';
import { progressLine } from '../../src/cli/progress.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { startWithFiles } from '../support/terminal.ts';

const CLEAR = '\r\u001b[K';

test('a terminal shows how far the work is, and has a clean line behind it', async () => {
  const session = await startWithFiles();
  const environment = { SOPS_AGE_KEY_FILE: session.path('alice.key') };
  const files = ['secret.yaml', 'plain.yaml', 'secret.json'];
  const shown = await session.sotto(['rotate', '-i', ...files], { environment, isTerminal: true });
  expect(shown.exit).toBe(1);
  expect(shown.stderr).toContain(`${CLEAR}rotating 1/3 secret.yaml${CLEAR}rotating 2/3 plain.yaml${CLEAR}`);
  expect(shown.stderr).toMatch(/rotating 3\/3 secret.json\r\u001b\[Kerror: the file is not encrypted/);
  const hidden = await session.sotto(['rotate', '-i', ...files], { environment });
  expect(hidden.stderr).not.toContain('\r');
  session.end();
});

test('a long name is cut so that the line does not break', () => {
  const seen: string[] = [];
  const io = { ...nodeIo(), isTerminal: true, columns: 30, complain: (text: string) => void seen.push(text) };
  const line = progressLine(io, 'updating');
  line.update?.(0, 1000, join('a'.repeat(100), 'secret.yaml'));
  line.update?.(1, 1000, 'b.yaml');
  line.clear();
  line.clear();
  expect(seen).toEqual([`${CLEAR}updating 1/1000 …/secret.yaml`, `${CLEAR}updating 2/1000 b.yaml`, CLEAR]);
});
