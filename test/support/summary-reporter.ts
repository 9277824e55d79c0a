import { execFile } from 'node:child_process';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Milliseconds without news after which a run is said to hang. Longer than any test takes. */
const LONGEST_SILENCE = 180_000;

/**
 * Ends the output of a test run with `N passed, N failed` alone on a line. Before it come the tests that were
 * skipped, with the reason, those that passed only when they were repeated, and those that failed, with the error. A run that hangs has its last test and its processes printed, as long as it hangs.
 */
export default class SummaryReporter implements Reporter {
  #last = 'none yet';
  #watch: NodeJS.Timeout | undefined;

  onTestRunStart(): void {
    this.#heard('none yet');
  }

  onTestModuleStart({ relativeModuleId }: TestModule): void {
    this.#heard(relativeModuleId);
  }

  onTestCaseReady(test: TestCase): void {
    this.#heard(nameOf(test));
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    clearInterval(this.#watch);
    let passed = 0;
    const failed = errors.map(messageIn);
    const repeated: string[] = [];
    const skipped: string[] = [];
    for (const module of modules) {
      if (!module.ok() && [...module.children.allTests()].every((one) => one.ok())) {
        failed.push(`${module.relativeModuleId}: ${module.errors()[0]?.message}`);
      }
      for (const one of module.children.allTests()) {
        const result = one.result();
        if (result.state === 'passed') passed += 1;
        if (result.state === 'failed') {
          const [error] = result.errors;
          failed.push([`${nameOf(one)}: ${error?.message}`, error?.diff ?? []].flat().join('\n'));
        }
        if (one.diagnostic()?.flaky === true) repeated.push(nameOf(one));
        if (result.state === 'skipped') skipped.push([nameOf(one), result.note ?? []].flat().join(': '));
      }
    }
    process.on('exit', () => {
      for (const name of skipped) console.log(`skipped: ${name}`);
      for (const name of repeated) console.log(`passed only when it was repeated: ${name}`);
      for (const what of failed) console.log(`failed: ${what}`);
      console.log(`${passed} passed, ${failed.length} failed`);
    });
  }

  #heard(last: string): void {
    this.#last = last;
    clearInterval(this.#watch);
    this.#watch = setInterval(() => this.#complain(), LONGEST_SILENCE).unref();
  }

  #complain(): void {
    const columns = 'pid=,ppid=,stat=,wchan:24=,etimes=,args=';
    execFile('ps', ['-A', '-o', columns], (error, stdout) => {
      const processes = error === null ? descendants(stdout).join('\n') : error.message;
      console.error(`nothing happens; the last test was ${this.#last}; processes:\n${processes}`);
    });
  }
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

/** Lines of ps about the processes that this one has started, and those about theirs. */
function descendants(listing: string): string[] {
  const family = new Set([process.pid]);
  const lines = listing.split('\n').map((line) => ({ line, ids: line.trim().split(/ +/, 2).map(Number) }));
  lines.sort((one, other) => (one.ids[0] ?? 0) - (other.ids[0] ?? 0));
  for (let size = 0; size < family.size; ) {
    size = family.size;
    for (const { ids } of lines) if (family.has(ids[1] ?? -1)) family.add(ids[0] ?? -1);
  }
  return lines.flatMap(({ line, ids }) => (family.has(ids[0] ?? -1) ? [line] : []));
}

/** What comes from another process is no Error any more, nor anything else that has a text of its own. */
function messageIn(error: unknown): string {
  const isError = typeof error === 'object' && error !== null && 'message' in error;
  return isError ? String(error.message) : JSON.stringify(error);
}
