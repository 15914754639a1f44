// Sends the requests that dockerode makes. dockerode's own transport follows redirects to any host, ends the process
// where that fails, and collects answers of any length.

import type { Host, HttpServer } from "../../host/host.ts";
import { type Body, readText } from "./documents.ts";
import { pick } from "./pick.ts";

/** A request as dockerode passes it to its transport. */
export interface Dialed {
  /** Ends with a question mark. */
  readonly path: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly abortSignal?: AbortSignal;
}

export interface EngineError extends Error {
  /** Status code of the answer. */
  readonly statusCode: number;
}

export interface Transport {
  /** Calls back with the body of the answer, or with an error if the status code is not 200. */
  dial(request: Dialed, callback: (error: Error | null, body: Body | null) => void): void;
}

/** Characters of the longest error message of an engine. */
const LONGEST = 65_536;
const SHOWN = 200;

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

function pathOf({ path, options = {} }: Dialed): string {
  const { abortSignal: _, ...query } = options;
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) search.set(key, String(value));
  return search.size === 0 ? path.replace(/\?$/, "") : `${path}${search}`;
}

async function errorOf(status: number, body: Body): Promise<EngineError> {
  const text = await readText(body, LONGEST).catch(() => "");
  const message = pick(text, { message: true })?.["message"];
  const said = typeof message === "string" ? message : text;
  const reason = isRedirect(status) ? "a redirect, which is not followed" : said.trim().slice(0, SHOWN);
  return Object.assign(new Error(`HTTP status ${status}: ${reason}`), { statusCode: status });
}

export function makeTransport(host: Pick<Host, "askHttpServer">, server: HttpServer): Transport {
  async function bodyOf(request: Dialed): Promise<Body> {
    const signal = request.abortSignal ?? new AbortController().signal;
    const { status, body } = await host.askHttpServer(server, pathOf(request), signal);
    if (status === 200) return body;
    throw await errorOf(status, body);
  }
  return {
    dial(request, callback) {
      bodyOf(request).then(
        (body) => callback(null, body),
        (error: Error) => callback(error, null),
      );
    },
  };
}
