// Signs with a secret OpenPGP key from a file, in a keyring that exists only meanwhile. See gpg(1).

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Algorithms of GnuPG's lists: RSA is 1, Ed25519 is 22. */
const EDDSA = "22";

/** Opens the key. Throws an error unless it is one Ed25519 key without a passphrase. */
export function openKey(file) {
  const home = mkdtempSync(join(tmpdir(), "release-key-"));
  const gpg = (args, options = {}) =>
    execFileSync("gpg", ["--homedir", home, "--batch", "--quiet", "--yes", "--digest-algo", "SHA512", ...args], {
      encoding: "utf8",
      ...options,
    });
  const close = () => {
    execFileSync("gpgconf", ["--homedir", home, "--kill", "all"]);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    gpg(["--import", file]);
    const secret = gpg(["--list-secret-keys", "--with-colons"])
      .split("\n")
      .map((line) => line.split(":"));
    const keys = secret.filter(([kind]) => kind === "sec");
    if (keys.length !== 1 || keys[0][3] !== EDDSA) throw new Error(`${file} must contain one secret Ed25519 key`);
    const fingerprint = secret.find(([kind]) => kind === "fpr")[9];
    return {
      fingerprint,
      publicKey: gpg(["--armor", "--export-options", "export-minimal", "--export", fingerprint]),
      clearsign: (from, to) => gpg(["--output", to, "--clearsign", from]),
      sign: (from, to) => gpg(["--armor", "--output", to, "--detach-sign", from]),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
