// The part of fflate's interface that the site's modules use.

/** The bytes of a text in UTF-8. */
export function strToU8(text: string): Uint8Array<ArrayBuffer>;

/** A zip of files, by their path. Level 9 compresses most. */
export function zipSync(
  files: { [path: string]: Uint8Array },
  options?: { level?: 0 | 9; mtime?: Date },
): Uint8Array<ArrayBuffer>;
