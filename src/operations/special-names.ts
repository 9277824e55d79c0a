/**
 * Variables by which programs find out what code to load, what to run, which configuration to read or whom to trust.
 * `*` stands for any end. Sources: ld.so(8) and `unsecvars.h` of glibc, dyld(1), bash(1), zshparam(1), sh (POSIX, ENV),
 * git(1), ssh(1), and the manuals of the languages.
 */
const SPECIAL: readonly string[] = [
  // The loader of programs, and the C library.
  ...[
    'LD_*',
    'DYLD_*',
    '_RLD*',
    'LDR_*',
    'LIBPATH',
    'SHLIB_PATH',
    'GCONV_PATH',
    'GETCONF_DIR',
    'GLIBC_TUNABLES',
  ],
  ...['HOSTALIASES', 'LOCPATH', 'NLSPATH', 'MALLOC_TRACE', 'NIS_PATH', 'RESOLV_HOST_CONF'],
  // Shells, and what is looked for below the home folder.
  ...[
    'PATH',
    'PATHEXT',
    'HOME',
    'USERPROFILE',
    'APPDATA',
    'XDG_*',
    'SHELL',
    'COMSPEC',
    'SYSTEMROOT',
    'WINDIR',
    'IFS',
  ],
  ...[
    'ENV',
    'BASH_*',
    'BASHOPTS',
    'SHELLOPTS',
    'PS0',
    'PS1',
    'PS2',
    'PS3',
    'PS4',
    'PROMPT_COMMAND',
    'CDPATH',
  ],
  ...['ZDOTDIR', 'FPATH', 'PSModulePath'],
  // Programs that others start, or are started with.
  ...['EDITOR', 'VISUAL', 'PAGER', 'BROWSER', 'GIT_*', 'SSH_ASKPASS', 'SUDO_ASKPASS', 'MANPAGER', 'LESSOPEN'],
  ...[
    'LESSCLOSE',
    'RSYNC_RSH',
    'CVS_RSH',
    'VIMINIT',
    'GVIMINIT',
    'EXINIT',
    'TERMINFO',
    'TERMINFO_DIRS',
    'TERMCAP',
  ],
  // Languages.
  ...[
    'NODE_OPTIONS',
    'NODE_PATH',
    'NODE_REPL_EXTERNAL_MODULE',
    'NPM_CONFIG_*',
    'npm_config_*',
    'BUN_*',
    'DENO_*',
  ],
  ...['PYTHONPATH', 'PYTHONHOME', 'PYTHONSTARTUP', 'PYTHONBREAKPOINT', 'PYTHONWARNINGS', 'PYTHONUSERBASE'],
  ...['PYTHONEXECUTABLE', 'PYTHONINSPECT', 'PYTHONPLATLIBDIR', 'PYTHONPYCACHEPREFIX', 'PIP_*'],
  ...['PERL5LIB', 'PERLLIB', 'PERL5OPT', 'PERL5DB', 'PERL5SHELL', 'RUBYOPT', 'RUBYLIB', 'RUBYSHELL', 'GEM_*'],
  ...[
    'BUNDLE_*',
    'PHPRC',
    'PHP_INI_SCAN_DIR',
    'LUA_PATH*',
    'LUA_CPATH*',
    'LUA_INIT*',
    'R_PROFILE*',
    'R_ENVIRON*',
  ],
  ...['R_LIBS*', 'ERL_*', 'ELIXIR_ERL_OPTIONS', 'JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'JDK_JAVA_OPTIONS'],
  ...['JAVA_OPTS', 'JAVA_HOME', 'CLASSPATH', 'MAVEN_OPTS', 'GRADLE_OPTS', 'DOTNET_*', 'CORECLR_*', 'COR_*'],
  ...[
    'COMPlus_*',
    'GOFLAGS',
    'GOROOT',
    'GOPATH',
    'RUSTC_WRAPPER',
    'RUSTFLAGS',
    'CARGO_*',
    'MAKEFLAGS',
    'MAKEFILES',
  ],
  // Libraries with modules of their own, and what they trust.
  ...['OPENSSL_*', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED'],
  ...['CURL_CA_BUNDLE', 'CURL_HOME', 'REQUESTS_CA_BUNDLE', 'GTK_MODULES', 'GTK_PATH', 'GIO_EXTRA_MODULES'],
  ...['QT_PLUGIN_PATH', 'GST_PLUGIN_*', 'LIBMYSQL_PLUGIN_DIR', 'PSQLRC', 'PGSERVICEFILE', 'PGSYSCONFDIR'],
  // Configurations that can name commands.
  ...['KUBECONFIG', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'DOCKER_CONFIG', 'GNUPGHOME', 'SOPS_*'],
  ...['ANSIBLE_*', 'HELM_PLUGINS', 'TF_CLI_*'],
  // What later steps of GitHub Actions may do.
  'ACTIONS_*',
];

const EXACT: ReadonlySet<string> = new Set(SPECIAL.filter((name) => !name.endsWith('*')));
const BEGINNINGS: readonly string[] = SPECIAL.filter((name) => name.endsWith('*')).map((name) =>
  name.slice(0, -1),
);
const CAPITALS: ReadonlySet<string> = new Set([...EXACT].map((name) => name.toUpperCase()));

/**
 * Whether a variable changes what a program loads, runs or trusts.
 *
 * @param ignoreCase names are the same in capitals, as on Windows
 */
export function isSpecialName(name: string, ignoreCase: boolean): boolean {
  if (EXACT.has(name) || BEGINNINGS.some((beginning) => name.startsWith(beginning))) return true;
  if (!ignoreCase) return false;
  const capitals = name.toUpperCase();
  return (
    CAPITALS.has(capitals) || BEGINNINGS.some((beginning) => capitals.startsWith(beginning.toUpperCase()))
  );
}
