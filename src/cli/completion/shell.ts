/** Shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'pwsh'] as const;

export type Shell = (typeof SHELLS)[number];
