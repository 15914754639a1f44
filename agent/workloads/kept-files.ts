// Keeps the files of a cgroup open between samples, because opening a file costs five times as much as reading it.

import type { TextFiles } from "../counters/control-group.ts";
import type { Files, OpenFile } from "../host/host.ts";

/** Files that stay open between readings, while there are enough file descriptors. */
export class KeptFiles implements TextFiles {
  readonly #files: Pick<Files, "keep">;
  readonly #kept = new Map<string, OpenFile>();

  constructor(files: Pick<Files, "keep">) {
    this.#files = files;
  }

  read(path: string): string | undefined {
    const file = this.#kept.get(path) ?? this.#files.keep(path);
    this.#kept.set(path, file);
    return file.read();
  }

  close(): void {
    for (const file of this.#kept.values()) file.close();
    this.#kept.clear();
  }
}
