// The way by which a package comes into a virtual machine. dpkg(1)

import type { Shell } from "./shell.ts";

/** Both take the folder with first.deb and later.deb, which is /mnt in the machine, and return what was printed. */
export interface Delivery {
  readonly name: string;
  install(shell: Shell, folder: string): Promise<string>;
  upgrade(shell: Shell, folder: string): Promise<string>;
}

export const byDpkg: Delivery = {
  name: "dpkg",
  install: (shell) => shell.run("dpkg -i /mnt/first.deb", 200),
  upgrade: (shell) => shell.run("dpkg -i /mnt/later.deb", 200),
};
