// Errors of files and sockets that do not mean "missing", such as EMFILE. Most readers of /proc return nothing after
// any error, so the error is noted here for the log, the status and doctor. See errno(3).

export interface Fault {
  /** Name of the errno, or FEW_LEFT: files are opened for each reading, because few file descriptors are left. */
  readonly code: string;
  /** What the error means, and for which object: the latest one. */
  readonly message: string;
  readonly remedy: string;
  readonly count: number;
  /** Seconds since the latest one. */
  readonly age: number;
}

interface Cause {
  readonly meaning: string;
  readonly remedy: string;
  /** True if the error is about the process or the machine, not about the object. */
  readonly general: boolean;
}

/** The code of a fault that loses nothing yet. */
export const FEW_LEFT = "FEW_LEFT";

/** The code of a fault of hsflowd-namespaces, which enters network namespaces for the package's service. */
export const NO_HELPER = "NO_HELPER";

const MORE_DESCRIPTORS =
  "raise the limit: LimitNOFILE=65536 in the service (systemctl edit hsflowd), or ulimit -n 65536 before the start; " +
  "then restart the agent";

const FORBIDDEN: Cause = {
  meaning: "permission denied",
  remedy: "let the agent's user read it, or keep root with -P",
  general: false,
};

const CAUSES: Readonly<Record<string, Cause>> = {
  EMFILE: { meaning: "no file descriptor is left for this process", remedy: MORE_DESCRIPTORS, general: true },
  [FEW_LEFT]: {
    meaning: "few file descriptors are left, so files are opened for each reading",
    remedy: MORE_DESCRIPTORS,
    general: true,
  },
  ENFILE: {
    meaning: "no file handle is left on this host",
    remedy: "raise the limit: sysctl fs.file-max; and find the program that uses them: lsof",
    general: true,
  },
  ENOMEM: {
    meaning: "the kernel has too little memory",
    remedy: "free memory, or raise the limit: MemoryMax= of the service",
    general: true,
  },
  [NO_HELPER]: {
    meaning: "hsflowd-namespaces.socket is not running, so network namespaces cannot be entered",
    remedy: "systemctl restart hsflowd-namespaces.socket, and see systemctl status hsflowd-namespaces",
    general: true,
  },
  EIO: { meaning: "input/output error", remedy: "see the kernel's log: dmesg", general: false },
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
};

/** Replaces process ids and the ids of containers, so that a thousand objects of one kind are one fault. */
const kindOf = (object: string): string => object.replace(/[0-9a-f]{64}|\d+/g, "N");

/** Number of kinds to remember. Further ones are counted with the code only. */
const MOST_KINDS = 100;

/** The faults of this process. */
export class Faults {
  readonly #now: () => number;
  readonly #faults = new Map<string, Omit<Fault, "age"> & { readonly at: number }>();
  #onFirst: (fault: Fault) => void = () => undefined;

  /** `now` is a clock in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The faults so far, one for each kind. */
  get all(): readonly Fault[] {
    return [...this.#faults.values()].map(({ at, ...fault }) => ({ ...fault, age: (this.#now() - at) / 1000 }));
  }

  /** Forgets earlier faults. From now on, calls `onFirst` for the first fault of each kind. */
  follow(onFirst: (fault: Fault) => void): void {
    this.#faults.clear();
    this.#onFirst = onFirst;
  }

  /** Counts an error, unless it means that `object` is missing or has no value. */
  note(code: string | undefined, object: string): void {
    const cause = code === undefined ? undefined : CAUSES[code];
    if (code === undefined || cause === undefined) return;
    const { meaning, remedy, general } = cause;
    const own = general ? code : `${code} ${kindOf(object)}`;
    const key = this.#faults.has(own) || this.#faults.size < MOST_KINDS ? own : code;
    const count = (this.#faults.get(key)?.count ?? 0) + 1;
    const message = general ? `${meaning}, for example ${object} (${code})` : `${object}: ${meaning} (${code})`;
    this.#faults.set(key, { code, message, remedy, count, at: this.#now() });
    if (count === 1) this.#onFirst({ code, message, remedy, count, age: 0 });
  }
}
