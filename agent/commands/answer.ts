// What a command says and how it ends.

export interface CommandAnswer {
  /** For stdout. */
  readonly text: string;
  /** For stderr. */
  readonly problem?: string;
  readonly exitCode: 0 | 1;
}

export const asJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
