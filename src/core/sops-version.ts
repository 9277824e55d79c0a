/** The version of sops whose format we write, and as which the program answers under the name `sops`. */
export const SOPS_VERSION = '3.13.2';
