// nginx with the log format of the page of json { }, and requests of wrk(1) to it.

import { writeFileSync } from "node:fs";
import type { Folder } from "./agent.ts";
import { type Child, start } from "./child.ts";
import { until } from "./command.ts";
import type { Namespace } from "./namespaces.ts";

const PORT = 80;
/** More requests than are unserved when the thread of wrk stops. */
const UNSERVED = 100;

export interface Nginx extends Child {
  /** Returns the output of curl(1). */
  get(path: string, ...words: string[]): string;
  /** Returns the number of requests so far, without those for this number. */
  requests(): number;
}

/** `logging` is what the page says to write in http { }. */
export async function startNginx(host: Namespace, folder: Folder, logging: string): Promise<Nginx> {
  const file = folder.file("nginx.conf");
  writeFileSync(folder.file("slow"), "x".repeat(3000));
  writeFileSync(folder.file("a"), "hello\n");
  writeFileSync(
    file,
    `user root; worker_processes 1; pid ${folder.file("nginx.pid")}; error_log ${folder.file("nginx.error")};
events { }
http {
  default_type text/plain;
  client_body_temp_path ${folder.file("body")};
  ${logging}
  server {
    listen 127.0.0.1:${PORT};
    root ${folder.path};
    location = /slow { limit_rate 2k; }
    location = /status { stub_status; access_log off; }
  }
}
`,
  );
  const child = start(host, ["nginx", "-c", file, "-g", "daemon off;"]);
  const get = (path: string, ...words: string[]) =>
    host.run("curl", "-s", "-A", "curl", ...words, `http://127.0.0.1:${PORT}${path}`);
  let asked = 0;
  const requests = () => {
    const [, count] = /\n \d+ \d+ (\d+)/.exec(get("/status")) ?? [];
    return Number(count) - ++asked;
  };
  await until("nginx", () => host.run("ss", "-Hltn", `sport = :${PORT}`) !== "");
  return { ...child, get, requests };
}

/**
 * Sends `count` requests and few more: three of four for /a, and the others for a missing file. Resolves with the
 * number that nginx has served.
 */
export async function driveRequests(host: Namespace, folder: Folder, nginx: Nginx, count: number): Promise<number> {
  const script = folder.file("wrk.lua");
  writeFileSync(
    script,
    `local sent = 0
request = function()
  sent = sent + 1
  if sent >= ${count + UNSERVED} then wrk.thread:stop() end
  return wrk.format(sent % 4 == 0 and "POST" or "GET", sent % 4 == 0 and "/missing?n=1" or "/a")
end
`,
  );
  // wrk waits for the end of its duration, although its thread has stopped.
  const wrk = start(host, ["wrk", "-t1", "-c4", "-d600s", "-s", script, `http://127.0.0.1:${PORT}`]);
  const served = await until(
    "all requests",
    () => {
      const now = nginx.requests();
      return now >= count && now;
    },
    { seconds: 60 },
  );
  wrk.kill("SIGKILL");
  await wrk.end;
  return served;
}
