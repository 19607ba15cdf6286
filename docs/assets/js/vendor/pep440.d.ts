// The part of pep440's interface that the site's modules use.

/** Whether a version matches a specifier such as ">=3.9,<4". */
export function satisfies(
  version: string,
  specifier: string,
  options?: { prereleases?: boolean },
): boolean;

/** The version, or null if the text is not a version. */
export function valid(version: string): string | null;
