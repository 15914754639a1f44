// The reason for a file that cannot be read, from the files themselves.

import { expect, it } from "vitest";
import { makeLinuxFiles } from "../../agent/host/linux-files.ts";
import { whyUnreadable } from "../../agent/host/why-unreadable.ts";

const there = (...paths: string[]) => ({ exists: (path: string) => paths.includes(path) });

it("names a missing file, a directory and a lack of permission", () => {
  expect(whyUnreadable(there(), "/etc/a")).toBe("no such file");
  expect(whyUnreadable(there("/etc/a", "/etc/a/."), "/etc/a")).toBe("is a directory");
  expect(whyUnreadable(there("/etc/a"), "/etc/a")).toBe("permission denied");
});

it("names the error of the system", () => {
  const files = makeLinuxFiles("/");
  expect(whyUnreadable(files, "/etc/passwd/nothing")).toBe("no such file");
  expect(whyUnreadable(files, "/etc")).toBe("is a directory");
  expect(whyUnreadable(files, "/proc/self/mem")).toBe("input/output error");
});

it.each([
  ["EMFILE", "too many open files in this process"],
  ["ESTALE", "ESTALE"],
  [undefined, "could not be read a moment ago"],
])("says %s as %s", (code, reason) => {
  expect(whyUnreadable({ ...there("/etc/a"), errorOf: () => code }, "/etc/a")).toBe(reason);
});

it("a folder that cannot be entered is named, with the command that opens it", () => {
  const files = { ...there("/", "/root", "/root/a.conf", "/srv", "/srv/."), errorOf: () => "EACCES" };
  const why = "permission denied: /root cannot be entered (chmod o+x /root)";
  expect(whyUnreadable(files, "/root/deep/a.conf")).toBe(why);
  expect(whyUnreadable(files, "/srv/a.conf")).toBe("permission denied");
});
