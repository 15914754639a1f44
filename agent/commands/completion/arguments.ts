// What a shell proposes for the arguments of `hsflowd`, by the placeholder in the tables of flags and commands.

export type Proposal = "file" | "folder" | "interface" | "subject" | "nothing";

const PROPOSALS: Readonly<Record<string, Proposal>> = {
  FILE: "file",
  DIR: "folder",
  NAME: "interface",
  "[file]": "file",
  "<subject>": "subject",
};

export const proposalFor = (placeholder: string): Proposal => PROPOSALS[placeholder] ?? "nothing";
