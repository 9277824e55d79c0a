import { json, yaml } from './data.ts';
import { dotenv, gitlab } from './dotenv.ts';
import type { ExportFormat } from './format.ts';
import { github, githubMask } from './github.ts';
import { k8sSecret } from './secret.ts';
import { fish, shell } from './shells.ts';
import { systemdCredentials } from './systemd.ts';
import { tfvars } from './terraform.ts';

/** Every format of `export`, in the order of help. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  shell,
  fish,
  dotenv,
  json,
  yaml,
  github,
  githubMask,
  gitlab,
  k8sSecret,
  tfvars,
  systemdCredentials,
];
