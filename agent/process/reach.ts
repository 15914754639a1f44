// Which folders and files keep a user from reading a file, and the commands that change this. See path_resolution(7)
// and inode(7).

import { realpathSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";

export interface Reader {
  readonly uid: number;
  readonly gid: number;
}

type Link = Pick<Stats, "mode" | "uid" | "gid"> & { readonly path: string };

/** The folders that lead to a file, from the root on, and the file itself. */
export type Chain = readonly Link[];

const [READ, ENTER] = [4, 1];

function chainTo(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [path] : [...chainTo(folder), path];
}

/** Notes modes and owners of all that lies on the way to a file, links included. Call this as root, who may see all. */
export function noteChain(path: string): Chain {
  const real = statSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path);
  const paths = [...new Set([...chainTo(dirname(path)), ...chainTo(dirname(real)), real])];
  return paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? [] : [{ path, mode: found.mode, uid: found.uid, gid: found.gid }];
  });
}

/** The class of permission bits that the kernel applies to a user who is in no other group: the first that fits. */
function classOf({ uid, gid }: Link, reader: Reader): { readonly letter: string; readonly shift: number } {
  if (uid === reader.uid) return { letter: "u", shift: 6 };
  return gid === reader.gid ? { letter: "g", shift: 3 } : { letter: "o", shift: 0 };
}

/** Returns the folders of a chain that the user cannot enter. */
export const barsOf = (chain: Chain, reader: Reader): readonly string[] =>
  chain.slice(0, -1).flatMap((link) => {
    const { shift } = classOf(link, reader);
    return (link.mode >> shift) & ENTER ? [] : [link.path];
  });

/** Quotes a path for sh(1), if it needs that. */
const quoted = (path: string): string => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

/** Returns the commands of sh(1) after which the user can read the last file of a chain. */
export function commandsFor(chain: Chain, reader: Reader): readonly string[] {
  const bars = new Set(barsOf(chain, reader));
  const enter = chain.filter(({ path }) => bars.has(path));
  const commands = enter.map((link) => `chmod ${classOf(link, reader).letter}+x ${quoted(link.path)}`);
  const file = chain.at(-1);
  if (file === undefined) return commands;
  const { letter, shift } = classOf(file, reader);
  if ((file.mode >> shift) & READ) return commands;
  const name = quoted(file.path);
  // The file may be secret: the group of the user may read it, and others may not.
  return [
    ...commands,
    ...(letter === "u" ? [`chmod u+r ${name}`] : [`chgrp ${reader.gid} ${name}`, `chmod g+r ${name}`]),
  ];
}
