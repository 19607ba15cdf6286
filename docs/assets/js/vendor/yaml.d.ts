// The part of yaml's interface that the site's modules use.

/** The start of a node, the end of its value, and the end of what belongs to it. */
type Range = [start: number, valueEnd: number, nodeEnd: number];

export interface Scalar {
  value: unknown;
  anchor?: string;
  range: Range;
}

export interface Pair {
  key: unknown;
  value: unknown;
}

export interface Collection<Item> {
  items: Item[];
  anchor?: string;
  range: Range;
}

export interface Alias {
  /** The name of the anchor. */
  source: string;
}

export interface Document {
  contents: unknown;
  errors: Error[];
}

/** Turns offsets into lines, which count from 1. */
export class LineCounter {
  linePos(offset: number): { line: number; col: number };
}

export function parseDocument(
  text: string,
  options?: { lineCounter?: LineCounter; logLevel?: "silent"; uniqueKeys?: boolean },
): Document;

export function isAlias(node: unknown): node is Alias;
export function isCollection(node: unknown): node is Collection<unknown>;
export function isMap(node: unknown): node is Collection<Pair>;
export function isScalar(node: unknown): node is Scalar;
export function isSeq(node: unknown): node is Collection<unknown>;
