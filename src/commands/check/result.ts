import type { Finding } from '../../operations/check/finding.ts';
import type { Level } from '../../operations/check/findings.ts';
import type { Rulebook } from './rulebook.ts';

/** What is checked. */
export type Scope =
  /** The work tree, the index, their configuration and their history. */
  | { readonly kind: 'tree' }
  /** What a commit would take. */
  | { readonly kind: 'staged' }
  /** The commits since a revision. */
  | {
      readonly kind: 'since';
      readonly revision: string;
      /** Whom it lets read more is only noted. */
      readonly allowsReaders: boolean;
    }
  /** What git is about to push, as it tells its hook on stdin. */
  | { readonly kind: 'pre-push'; readonly remote: string | undefined };

/** How it is checked. */
export interface CheckOptions {
  readonly scope: Scope;
  /** Files and folders to which findings are limited; all, if there are none. */
  readonly paths: readonly string[];
  /** Check MACs, too, where a key is at hand. */
  readonly keys: boolean;
  /** Look at how old values are, and who knows them still, too: that can take the history. */
  readonly ages: boolean;
  /** Findings that are known; the usual place is looked at unless it is named. */
  readonly baseline?: string | undefined;
  /** Write all that is found into the baseline. */
  readonly updatesBaseline: boolean;
  /** The program's: another one may find other things. */
  readonly version: string;
}

/** A finding with its level, and what later runs recognise it by. */
export type Reported = Finding & { readonly level: Level; readonly fingerprint: string };

/** What came of it. */
export interface CheckResult {
  /** Errors first, then by file and place. */
  readonly findings: readonly Reported[];
  /** How many are in the baseline, and not among them. */
  readonly known: number;
  /** How many files were looked at. */
  readonly files: number;
  /** How many were not, as git does not have them, nor ignores them; `undefined` where commits are checked. */
  readonly untracked?: number | undefined;
  readonly macs: 'checked' | 'not-checked';
  /** Absolute; paths of findings begin there. */
  readonly top: string;
}

/** What was found, before anybody says what counts. */
export interface Raw extends Pick<CheckResult, 'files' | 'untracked' | 'macs' | 'top'> {
  readonly findings: readonly Finding[];
  readonly rulebook: Rulebook;
}
