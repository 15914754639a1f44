// The package from a signed apt repository, over HTTP and with nothing but what packaging/README.md tells a user to
// type. apt-get(8), sources.list(5), apt-secure(8).

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "vitest";
import { makeFolder } from "../e2e/agent.ts";
import { run } from "../e2e/command.ts";
import type { Delivery } from "./delivery.ts";
import type { Shell } from "./shell.ts";

const SOURCES = "/etc/apt/sources.list.d/hsflowd-ts.sources";

export class AptDelivery implements Delivery {
  readonly name = "apt";
  readonly #folder = makeFolder();
  readonly #keys = new Map<string, string>();
  #server: Server | undefined;

  async install(shell: Shell, folder: string): Promise<string> {
    const url = await this.#publish("owner", join(folder, "first.deb"));
    await shell.run(
      `rm -f /etc/apt/sources.list && /usr/lib/apt/apt-helper download-file ${url}/hsflowd-ts.sources ${SOURCES}`,
    );
    const updated = await shell.run("apt-get update", 200);
    const said = await shell.run("apt-get install -y hsflowd-ts", 300);
    expect((updated + said).match(/^[WEN]: .*$|unauthenticated/gm)).toBeNull();
    return said;
  }

  /** Before the upgrade, apt must refuse a repository that another key has signed. */
  async upgrade(shell: Shell, folder: string): Promise<string> {
    await this.#publish("stranger", join(folder, "later.deb"));
    expect((await shell.tryRun("apt-get update", 200)).output).toContain("OpenPGP signature verification failed");
    expect(await shell.run("apt-get upgrade -y", 200)).toContain("0 upgraded");
    await this.#publish("owner", join(folder, "later.deb"));
    expect((await shell.run("apt-get update", 200)).match(/^[WEN]: .*$/gm)).toBeNull();
    const said = await shell.run("apt-get upgrade -y", 300);
    expect(said).toContain("1 upgraded");
    // The source and what apt has downloaded are the administrator's, so a purge of the package leaves them.
    await shell.run(`rm ${SOURCES} && apt-get clean`);
    return said;
  }

  close(): void {
    this.#server?.close();
    this.#folder.remove();
  }

  /** Makes the repository of one package, signed by the owner of the name. Returns its URL in the machine. */
  async #publish(owner: string, deb: string): Promise<string> {
    this.#server ??= await serve(this.#folder.file("apt"));
    const url = `http://10.0.2.2:${(this.#server.address() as AddressInfo).port}`;
    const out = ["--url", url, "--out", this.#folder.file("apt")];
    run(process.execPath, "packaging/release/apt-repository.mjs", "--key", this.#key(owner), ...out, deb);
    return url;
  }

  #key(owner: string): string {
    const known = this.#keys.get(owner);
    if (known !== undefined) return known;
    const file = this.#folder.file(`${owner}.asc`);
    const home = this.#folder.file(owner);
    run("mkdir", "-m", "700", home);
    const gpg = ["--homedir", home, "--batch", "--quiet"];
    run("gpg", ...gpg, "--passphrase", "", "--quick-generate-key", owner, "ed25519", "sign", "never");
    run("gpg", ...gpg, "--armor", "--output", file, "--export-secret-keys");
    run("gpgconf", "--homedir", home, "--kill", "all");
    this.#keys.set(owner, file);
    return file;
  }
}

/** Serves the files of a folder on the loopback of this machine. */
async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    readFile(join(folder, decodeURIComponent(request.url ?? ""))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
