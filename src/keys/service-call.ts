import { Masker } from '../masking/masker.ts';
import { printable } from '../text/printable.ts';
import type { KeyHost } from './host.ts';
import { type HttpRequest, type HttpResponse, NoAnswer } from './http.ts';
import { type Advice, adviceOnSilence, KmsFailure } from './kms-failure.ts';

/** A request to a service of keys that is answered with JSON. */
export interface ServiceCall extends Omit<HttpRequest, 'timeout'> {
  /** What is called, for messages: `Vault at https://vault:8200`. */
  readonly service: string;
  /** What no message may show: tokens, and the data key as it is sent. */
  readonly secrets: readonly string[];
  /** What a service says about a failure, in its own words. */
  readonly saidBy: (answer: unknown) => string | undefined;
  /** What to do about it, where more is known than the status says. */
  readonly advice: (status: number, said: string) => Advice | undefined;
}

/** How often it is tried in all, as the clouds' own clients do, and the first pause in milliseconds. */
const ATTEMPTS = 3;
const FIRST_PAUSE = 200;
/** Seconds for all attempts together. */
const TIMEOUT = 30;
/** Of what a service says, as much as fits on a few lines. */
const MOST_CHARACTERS = 300;

/**
 * Call a service. What may pass by itself (429, 5xx, a lost connection) is tried again, within the time of
 * `SOTTO_KMS_TIMEOUT`.
 *
 * @returns what it answers, parsed
 * @throws KmsFailure
 */
export async function callService(call: ServiceCall, host: KeyHost): Promise<unknown> {
  const answer = await askService(call, host);
  if (answer.status === 200) return parse(call, answer.body);
  throw refusal(call, answer);
}

/** What a service answers in the end, whatever its status is. @throws KmsFailure when it does not */
export async function askService(call: ServiceCall, host: KeyHost): Promise<HttpResponse> {
  const end = host.now().getTime() + timeoutOf(host);
  for (let attempt = 1; ; attempt += 1) {
    const pause = FIRST_PAUSE * 2 ** (attempt - 1) * (1 + Math.random());
    const remaining = end - host.now().getTime();
    const answer = await answerTo(call, Math.max(1, remaining), host);
    const isLast = attempt === ATTEMPTS || remaining <= pause;
    if (answer instanceof NoAnswer) {
      if (!answer.isPassing || answer.fault === 'late' || isLast) throw silence(call, answer);
    } else if (!isPassing(answer.status) || isLast) {
      return answer;
    }
    await host.wait(pause);
  }
}

async function answerTo(call: ServiceCall, timeout: number, host: KeyHost): Promise<HttpResponse | NoAnswer> {
  try {
    return await host.request({ ...call, timeout });
  } catch (error) {
    if (error instanceof NoAnswer) return error;
    throw error;
  }
}

function isPassing(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

function parse(call: ServiceCall, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new KmsFailure(`${call.service} answers something else than JSON`, {
      code: 'kms-answer-invalid',
      text: 'something between here and there, such as a page of a proxy to log in, may answer instead',
    });
  }
}

function refusal(call: ServiceCall, { status, body, headers }: HttpResponse): KmsFailure {
  const elsewhere = status >= 300 && status < 400 ? headers['location'] : undefined;
  if (elsewhere !== undefined)
    return new KmsFailure(`${call.service}: ${status} it sends on to ${clean(elsewhere, call.secrets)}`, {
      code: 'kms-failed',
      text: 'credentials are sent to no other server than the one that was named: name the other one, if it is meant',
    });
  const said = clean(saidIn(call, body) ?? '', call.secrets);
  const reason = said === '' ? `status ${status}` : `${status} ${said}`;
  const advice = call.advice(status, said) ?? adviceOnStatus(status);
  return new KmsFailure(`${call.service}: ${reason}`, advice);
}

function adviceOnStatus(status: number): Advice {
  if (status === 429) return { code: 'kms-throttled', text: 'it is asked too much at once; try again later' };
  if (status === 401) return { code: 'kms-credentials-invalid' };
  if (status === 403) return { code: 'kms-denied' };
  return { code: 'kms-failed', ...(status >= 500 ? { text: 'try again later' } : {}) };
}

function silence(call: ServiceCall, answer: NoAnswer): KmsFailure {
  const reason = clean(answer.message, call.secrets);
  return new KmsFailure(`${call.service}: ${reason}`, adviceOnSilence(answer));
}

function saidIn({ saidBy }: ServiceCall, body: string): string | undefined {
  try {
    return saidBy(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** What a service says, fit to be shown: without secrets, control characters, and the end of what is long. */
export function clean(text: string, secrets: readonly string[]): string {
  const masker = new Masker(secrets);
  const masked = Buffer.concat([masker.push(Buffer.from(text)), masker.end()]).toString();
  return printable(masked.trim(), MOST_CHARACTERS);
}

/** Milliseconds for all that is asked about one key: those of `SOTTO_KMS_TIMEOUT`. @throws Error */
export function timeoutOf({ environment }: KeyHost): number {
  const text = environment['SOTTO_KMS_TIMEOUT'];
  if (!text) return TIMEOUT * 1000;
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds > 0) return seconds * 1000;
  throw new Error('SOTTO_KMS_TIMEOUT is no number of seconds: write it as in 30');
}

/** An answer that is none of a service's. */
export function refuseAnswer(service: string): never {
  throw new KmsFailure(`the answer is not one of ${service}`, { code: 'kms-answer-invalid' });
}

/** A text in an answer; `undefined` if there is none. */
export function textAt(answer: unknown, ...path: readonly string[]): string | undefined {
  let at: unknown = answer;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Reflect.get(at, name);
  }
  return typeof at === 'string' ? at : undefined;
}
