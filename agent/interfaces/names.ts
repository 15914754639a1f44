// The names by which an interface can be given in the configuration and to commands. See ip-link(8), "altname".

import type { Adaptor } from "./adaptor.ts";

/** Returns the names, the one that is shown first. */
export const namesOf = ({ name, device, alternativeNames }: Adaptor): readonly string[] => [
  name,
  device,
  ...alternativeNames,
];

export const hasName = (adaptor: Adaptor, name: string): boolean => namesOf(adaptor).includes(name);
