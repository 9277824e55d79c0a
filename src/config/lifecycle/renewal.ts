import { parsePath } from '../../core/tree/path.ts';
import type { Path } from '../../core/tree/tree.ts';
import { attempt } from '../../errors.ts';
import { nearest } from '../../text/nearest.ts';
import type { ConfigValue } from '../value.ts';
import { type Duration, durationOf } from './duration.ts';
import { textsOf } from './texts.ts';

export const STRATEGIES = ['replace', 'overlap', 'manual', 'internal'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** A value that a hook is given. */
export interface Need {
  /** As it is written: from the folder of the configuration. */
  readonly file: string;
  readonly path: Path;
  readonly place: ConfigValue['place'];
}

/** How a new value is made, and told to those who have to know. */
export interface Renewal {
  /** How it is made: a mapping with `kind`, and what the kind needs. */
  readonly generate: ConfigValue | undefined;
  readonly strategy: Strategy;
  /** The words of the hook; the first is a program. Empty if there is none. */
  readonly hook: readonly string[];
  readonly settle: Duration | undefined;
  readonly keepOld: Duration | undefined;
  readonly needs: readonly Need[];
}

/** Read `renew` of an entry. @throws SottoError `config-invalid` */
export function readRenewal(renew: ConfigValue): Renewal {
  const strategy = renew.get('strategy');
  const [settle, keepOld] = [renew.get('settle'), renew.get('keep_old')];
  return {
    generate: renew.get('generate'),
    strategy: strategy === undefined ? 'replace' : strategyOf(strategy),
    hook: textsOf(renew.get('hook')).map(({ text }) => text),
    settle: settle && durationOf(settle, 'settle'),
    keepOld: keepOld && durationOf(keepOld, 'keep_old'),
    needs: textsOf(renew.get('needs')).map(needOf),
  };
}

function strategyOf(value: ConfigValue): Strategy {
  const { text } = value;
  const known = STRATEGIES.find((one) => one === text);
  if (known !== undefined) return known;
  const near = nearest(text, STRATEGIES);
  throw value.problem('config-invalid', `strategy is one of ${STRATEGIES.join(', ')}`, {
    hint: near === undefined ? 'replace is meant unless it is given' : `did you mean "${near}"?`,
  });
}

function needOf(value: ConfigValue): Need {
  const { text, place } = value;
  const at = text.indexOf('#');
  const path = at <= 0 ? undefined : attempt(() => parsePath(text.slice(at + 1)));
  if (path !== undefined) return { file: text.slice(0, at).replace(/^\.\//, ''), path, place };
  throw value.problem('config-invalid', 'needs names values as FILE#PATH', {
    hint: 'for example: needs: ["secrets/prod/admin.yaml#pg.password"]',
  });
}
