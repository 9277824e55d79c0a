import { attemptAsync } from '../../errors.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import type { RecipientName } from '../../keys/index.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import type { Readers } from './readers.ts';
import { type Chapter, folderOf } from './rulebook.ts';
import type { State } from './state.ts';
import type { Versions } from './versions.ts';

/** A request that a change grants, signed by somebody who could read before it. */
export interface Approval {
  /** The folder of the configuration that it speaks of. */
  readonly folder: string;
  readonly recipients: readonly RecipientName[];
  /** The anchors that the teams have before the change. */
  readonly anchors: readonly string[];
  readonly signer: RecipientName;
}

const GRANTED = /^(?:(?<folder>.*)\/)?\.sotto\/requests\/granted\/(?<hash>[0-9a-f]{64})\.yaml$/s;

/** The approvals that a change brings, and that hold. @param base the commit before it */
export async function newApprovals(
  base: string,
  before: State,
  after: State,
  { readers, versions }: { readonly readers: Readers; readonly versions: Versions },
  repository: Repository,
  io: Io,
): Promise<Approval[]> {
  const approvals: Approval[] = [];
  for (const [path, blob] of after.blobs) {
    const { folder = '', hash } = GRANTED.exec(path)?.groups ?? {};
    if (hash === undefined || before.blobs.has(path)) continue;
    const chapter = before.rulebook.chapters.find((one) => folderOf(one.path) === folder);
    const bytes = await versions.bytes(blob);
    if (chapter === undefined || bytes === undefined) continue;
    // An approval counts once: not again after its person was removed.
    const earlier = await repository.run(['log', '-1', '--format=%H', base, '--', path]);
    if (earlier.length > 0) continue;
    const signers = await signersIn(chapter, before, readers);
    const approval = await attemptAsync(() => approvalIn(decodeUtf8(bytes), hash, chapter, signers, io));
    if (approval !== undefined) approvals.push({ ...approval, folder });
  }
  return approvals;
}

/** All whom rules of a configuration name. */
async function signersIn(chapter: Chapter, { rulebook }: State, readers: Readers): Promise<RecipientName[]> {
  const all: RecipientName[] = [];
  for (const { chapter: own, rule } of rulebook.rules())
    if (own === chapter) all.push(...((await readers.termsOf(rule)).groups ?? []).flat());
  return all;
}

/** @throws SottoError `request-invalid` */
async function approvalIn(
  text: string,
  hash: string,
  chapter: Chapter,
  signers: readonly RecipientName[],
  io: Io,
): Promise<Omit<Approval, 'folder'> | undefined> {
  const { kindLike } = await import('../../keys/index.ts');
  const { approvalText } = await import('../requests/approval.ts');
  const { sha256 } = await import('../requests/age-proof.ts');
  const { parseGranted, signedText } = await import('../requests/request-file.ts');
  const { isOfAge, signerOf } = await import('../requests/verify.ts');
  const { request, approval } = parseGranted(text);
  const sotto = chapter.config?.root?.get('sotto');
  const isOurs = request.repository === sotto?.get('repository')?.text;
  if (approval === undefined || !isOurs || sha256(signedText(request)) !== hash || !isOfAge(request, io))
    return undefined;
  const ids = [...new Set(signers.map(({ id }) => id))];
  const id = await signerOf(approvalText(request), approval, { recipients: ids }, io);
  const signer = signers.find((one) => one.id === id);
  if (signer === undefined) return undefined;
  return {
    signer,
    recipients: request.recipients.flatMap((one) => {
      const kind = kindLike(one);
      return kind === undefined ? [] : [{ kind: kind.name, id: one }];
    }),
    anchors: request.teams.flatMap((team) => sotto?.get('teams')?.get(team)?.anchor ?? []),
  };
}
