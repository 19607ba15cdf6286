// The part of dockerfile-ast's interface that the site's modules use.

/** Lines and characters count from 0. */
export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

export interface Flag {
  getName(): string;
  getRange(): Range;
  getValue(): string | null;
}

export interface Argument {
  getRange(): Range;
  getValue(): string;
}

export interface Heredoc {
  getContentRange(): Range;
  getName(): string;
}

export interface Property {
  getName(): string;
  /** The value without quotes. */
  getValue(): string | null;
  /** The value with quotes. */
  getUnescapedValue(): string | null;
}

export interface Instruction {
  getArguments(): Argument[];
  /** The text behind the keyword, flags included, as it is written. */
  getRawArgumentsContent(): string | null;
  /** The text behind the keyword, flags included, on one line. */
  getArgumentsContent(): string | null;
  /** The keyword in uppercase. */
  getKeyword(): string;
  getRange(): Range;
  /** ADD, COPY, FROM, HEALTHCHECK and RUN have flags. */
  getFlags?(): Flag[];
  /** ADD, COPY and RUN have heredocs. */
  getHeredocs?(): Heredoc[];
  /** ARG, ENV and LABEL have properties. */
  getProperties?(): Property[];
}

export interface ParserDirective {
  getName(): string;
  getValue(): string;
}

export interface Dockerfile {
  getDirectives(): ParserDirective[];
  getEscapeCharacter(): string;
  getInstructions(): Instruction[];
}

export namespace DockerfileParser {
  function parse(text: string): Dockerfile;
}
