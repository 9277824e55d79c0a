/** Whether a pipeline runs this: GitHub Actions, GitLab and others say so by this variable. What is printed is a log then. */
export function isPipeline(environment: { readonly [name: string]: string | undefined }): boolean {
  const { CI = '' } = environment;
  return CI !== '' && CI !== 'false';
}
