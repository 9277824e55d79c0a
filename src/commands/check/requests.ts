import { posix } from 'node:path';
import { ConfigText } from '../../config/config-text.ts';
import { SottoError } from '../../errors.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import type { Finding } from '../../operations/check/finding.ts';
import { type Chapter, folderOf, type Rulebook } from './rulebook.ts';
import type { TreeFile } from './tree.ts';

/** Where requests stand: beside the configuration that they ask of. */
const REQUEST = /^(?:(?<folder>.*)\/)?\.sotto\/requests\/(?<name>[^/]+)\.yaml$/s;

/**
 * Requests that do not hold: forged, altered, expired, granted before, of another repository, or of no known shape. That
 * nothing proves an age key yet is no finding: its challenge comes later.
 *
 * @param read the bytes of a file
 */
export async function checkRequests(
  files: readonly TreeFile[],
  read: (file: TreeFile) => Promise<Uint8Array | undefined>,
  rulebook: Rulebook,
  repository: Repository,
  io: Io,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of files) {
    const { folder = '', name = '' } = REQUEST.exec(file.path)?.groups ?? {};
    if (name === '') continue;
    const chapter = rulebook.chapters.find(({ path }) => folderOf(path) === folder);
    // A configuration that can't be read has a finding of its own.
    if (chapter !== undefined && chapter.config === undefined) continue;
    const bytes = await read(file);
    if (bytes === undefined) continue;
    const problem = await problemOf(name, bytes, chapter, repository, io);
    if (problem === undefined) continue;
    findings.push({
      rule: 'request-invalid',
      file: file.path,
      message: problem.message,
      fix: { command: ['git', 'rm', file.path], automatic: false },
    });
  }
  return findings;
}

async function problemOf(
  name: string,
  bytes: Uint8Array,
  chapter: Chapter | undefined,
  repository: Repository,
  io: Io,
): Promise<SottoError | undefined> {
  const { decodeUtf8 } = await import('../../operations/content.ts');
  const { placeIn } = await import('../requests/place.ts');
  const { invalid, parseRequest } = await import('../requests/request-file.ts');
  const { verifyRequest } = await import('../requests/verify.ts');
  try {
    if (chapter?.config === undefined) throw invalid('there is no .sops.yaml beside it');
    const { config, text } = chapter;
    const path = posix.join(repository.root, chapter.path);
    const opened = { config, before: text, text: new ConfigText(text, path) };
    const request = parseRequest(decodeUtf8(bytes));
    const place = placeIn(opened, () => 'ID');
    await verifyRequest(request, { name, noProof: true }, place, repository, io);
    return undefined;
  } catch (error) {
    // Where a program is missing that would verify it, nothing says that it holds.
    if (error instanceof SottoError) return error;
    throw error;
  }
}
