import { SottoError } from '../../errors.ts';

/** The step that prints, as sops calls it: of decrypting a file, of decrypting one value, and of encrypting. */
export type PrintingStep = 'Error dumping file' | 'Error dumping tree' | 'Could not marshal tree';

/**
 * Print, with the step in front of what the format says that it can't hold.
 *
 * @throws SottoError `output-unsupported`
 */
export function withPrintingStep<Printed>(step: PrintingStep, print: () => Printed): Printed {
  try {
    return print();
  } catch (error) {
    if (!(error instanceof SottoError) || error.code !== 'output-unsupported') throw error;
    throw error.with({ inSops: `${step}: ${error.inSops}` });
  }
}
