// Keeps the files of a cgroup open between samples, because opening a file costs five times as much as reading it.

import type { TextFiles } from "../counters/control-group.ts";
import type { Files, OpenFile } from "../host/host.ts";

/** Files that stay open between readings. */
export class KeptFiles implements TextFiles {
  readonly #files: Pick<Files, "open">;
  readonly #kept = new Map<string, OpenFile>();

  constructor(files: Pick<Files, "open">) {
    this.#files = files;
  }

  read(path: string): string | undefined {
    const file = this.#kept.get(path) ?? this.#files.open(path);
    if (file !== undefined) this.#kept.set(path, file);
    return file?.read();
  }

  close(): void {
    for (const file of this.#kept.values()) file.close();
    this.#kept.clear();
  }
}
