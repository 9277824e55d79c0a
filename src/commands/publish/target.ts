import type { Warning } from '../../core/splice/warning.ts';
import type { KeyPlan } from '../../operations/update-keys.ts';

/** Where a file is published. */
export interface Target {
  /** For people, and to tell targets apart. */
  readonly url: string;
  /** Make what is to be sent; nothing is sent yet. @throws SottoError when the file is not fit for it */
  prepare(): Promise<Shipment>;
}

/** What is ready to be sent. */
export interface Shipment {
  readonly warnings: readonly Warning[];
  /** How the recipients of what is sent differ from those of the file, where they may. */
  readonly plan?: KeyPlan | undefined;
  /** Send it, unless it is there already. @throws SottoError `publish-failed` */
  put(): Promise<'written' | 'unchanged'>;
}
