// The reason for a file that cannot be read, from the files themselves.

import { expect, it } from "vitest";
import { whyUnreadable } from "../../agent/host/why-unreadable.ts";

const there = (...paths: string[]) => ({ exists: (path: string) => paths.includes(path) });

it("names a missing file, a directory and a lack of permission", () => {
  expect(whyUnreadable(there(), "/etc/a")).toBe("no such file");
  expect(whyUnreadable(there("/etc/a", "/etc/a/."), "/etc/a")).toBe("is a directory");
  expect(whyUnreadable(there("/etc/a"), "/etc/a")).toBe("permission denied");
});
