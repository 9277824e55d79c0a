/** Text as go-yaml's emitter lays it out (`emitterc.go`): it knows the column, and breaks lines only when it has to. */
export class Emitter {
  readonly #lineBreak: string;
  readonly #parts: string[] = [];
  #column: number;
  /** Nothing but indentation and the marks of block collections stands on the line. */
  #isIndentation = true;
  /** What comes next needs no blank in front. */
  #isBlank = true;
  /** Column of the comment below a node that was written last; what follows at that column stands apart from it. */
  #footColumn = -1;

  /** @param column where the text begins */
  constructor(lineBreak: string, column: number) {
    this.#lineBreak = lineBreak;
    this.#column = column;
  }

  /** The text; its last line may have no line break. */
  get text(): string {
    return this.#parts.join('');
  }

  /** Nothing stands on the line. */
  get isAtStart(): boolean {
    return this.#column === 0;
  }

  /** Go to a column: on this line, if there is but indentation on it, or on the next. */
  indent(column: number): void {
    const isBehind = this.#column > column || (this.#column === column && !this.#isBlank);
    if (!this.#isIndentation || isBehind) this.#break();
    if (this.#footColumn === column) this.#break();
    if (this.#column < column) this.#put(' '.repeat(column - this.#column));
    this.#isBlank = true;
    this.#footColumn = -1;
  }

  /** `-`, `?`, or the `:` of a key that begins with `?`. */
  mark(mark: '-' | '?' | ':'): void {
    const wasIndentation = this.#isIndentation;
    this.token(mark);
    this.#isIndentation = wasIndentation;
  }

  /** The colon behind a key. */
  colon(): void {
    this.#put(':');
    this.#isBlank = false;
    this.#isIndentation = false;
  }

  /** A text on one line, with a blank in front where there is none. */
  token(text: string): void {
    if (!this.#isBlank) this.#put(' ');
    this.#put(text);
    this.#isBlank = false;
    this.#isIndentation = false;
  }

  /** A bracket; what follows an opening one needs no blank. */
  bracket(bracket: '{' | '[' | '}' | ']'): void {
    const opens = bracket === '{' || bracket === '[';
    if (opens) this.token(bracket);
    else this.#put(bracket);
    this.#isBlank = opens;
    this.#isIndentation = false;
  }

  /**
   * The lines of a block scalar behind its header, each with its line break and indentation in front.
   *
   * @param ends the text of the scalar ends with a line break
   */
  body(body: string, ends: boolean): void {
    // A comment behind the header has ended its line.
    this.#parts.push(this.isAtStart ? body.slice(this.#lineBreak.length) : body);
    this.#column = 1;
    this.#isIndentation = false;
    this.#isBlank = true;
    if (ends) this.#break();
  }

  /** Comment lines, the first where the text is now, the others at a column. */
  comment(lines: readonly string[], column: number): void {
    for (const [index, line] of lines.entries()) {
      if (index > 0) this.indent(column);
      this.#put(line);
      this.#break();
    }
    this.#isBlank = true;
  }

  /** A comment beside what was written last. */
  commentBeside(lines: readonly string[], column: number): void {
    if (!this.#isBlank) this.#put(' ');
    this.comment(lines, column);
  }

  /** What was written last is a comment below a node. */
  separate(column: number): void {
    this.#footColumn = column;
  }

  /** An empty line, where nothing stands on this one. */
  blankLine(): void {
    this.#break();
  }

  /** Take the line break at the end back. */
  cutBreak(): void {
    if (this.#parts.at(-1) === this.#lineBreak) this.#parts.pop();
  }

  #put(text: string): void {
    this.#parts.push(text);
    this.#column += text.length;
  }

  #break(): void {
    this.#parts.push(this.#lineBreak);
    this.#column = 0;
    this.#isIndentation = true;
  }
}
