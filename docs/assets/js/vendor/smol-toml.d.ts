// The part of smol-toml's interface that the site's modules use.

export type TomlValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | TomlValue[]
  | { [key: string]: TomlValue };

/** A mistake in a TOML document, at a line and column that count from 1. */
export class TomlError extends Error {
  line: number;
  column: number;
}

/** With `useLegacyDate`, a date is a Date even if the browser has Temporal. */
export function parse(
  text: string,
  options?: { useLegacyDate?: boolean },
): { [key: string]: TomlValue };
