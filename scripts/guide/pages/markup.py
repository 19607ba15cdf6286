"""The HTML that pages share: tables, code, terminal sessions, differences and proof marks.

Text is escaped by markupsafe: a `str` is text, a `Markup` is HTML that is ready.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

Replacement = Callable[[re.Match[str]], str]

# Keeps an element out of the search. No element inside it may have the attribute as well.
UNSEARCHED = Markup(' data-search-exclude="1"')

# Characters that Markdown would interpret in HTML that it parses, and tabs, which it would replace.
_MARKDOWN = r"(?<!&)[#*_`~\[\]\\]|\t"
# What would begin a list item at the start of a line.
_LIST_ITEM = r"(?m:^ *(?:[^\w\s<&]|\d+(?=[.)])))"
# Progress that uv and BuildKit print. The search leaves it out.
_PROGRESS = r"(\n(ran  |cached  |Creating virtual|Resolved|Prepared|Installed| \+ ).*)+"
# Words of a message that a reader may search for.
_COMPLAINT = r"(?i)\b(error|warn|warning|hint|denied|fail\w*|refused|not found|no such)\b"


# --- tables ---


@dataclass(frozen=True)
class Cell:
    """The content of a cell, with a CSS class and a title."""

    content: str | int
    css_class: str = ""
    title: str = ""

    def element(self, tag: str, scope: str = "") -> Markup:
        """Return the cell as an element, "td" or "th"."""
        attributes = {"scope": scope, "class": self.css_class, "title": self.title}
        pairs = (Markup(' {}="{}"').format(*pair) for pair in attributes.items() if pair[1])
        return Markup("<{0}{1}>{2}</{0}>").format(tag, join(pairs), self.content)


Content = str | int | Cell


def table(
    rows: Iterable[Markup],
    heads: Sequence[Content] = (),
    css_class: str = "facts",
    is_searched: bool = False,
) -> Markup:
    """Return a table that scrolls if it is too wide. A head that is "" becomes an empty cell."""
    head = join(_head(each) for each in heads)
    return Markup(
        '<div class="scroll"><table class="{}"{}>{}<tbody>{}</tbody></table></div>'
    ).format(
        css_class,
        "" if is_searched else UNSEARCHED,
        Markup("<thead><tr>{}</tr></thead>").format(head) if heads else "",
        join(rows),
    )


def row(head: Content, *cells: Content) -> Markup:
    """Return a row: its head, then its cells."""
    body = join(_cell(each).element("td") for each in cells)
    return Markup("<tr>{}{}</tr>").format(_cell(head).element("th", "row"), body)


def group_row(title: str, columns: int) -> Markup:
    """Return a row across all columns: the title of the rows below it."""
    return Markup('<tr><th colspan="{}" scope="colgroup">{}</th></tr>').format(columns, title)


def _head(content: Content) -> Markup:
    if content == "":
        return Markup("<td></td>")
    return _cell(content).element("th", "col")


def _cell(content: Content) -> Cell:
    return content if isinstance(content, Cell) else Cell(content)


# --- text and code ---


def join(parts: Iterable[str], separator: str = "") -> Markup:
    """Return parts of HTML one after another. Parts that are plain text are escaped."""
    return escape(separator).join(parts)


def substitute(pattern: str, replacement: str | Replacement, html: Markup) -> Markup:
    """Return HTML with each match of a pattern replaced by HTML.

    `re.sub` alone would escape the text between the matches, because it joins with the methods of
    Markup.
    """
    return Markup(re.sub(pattern, replacement, str(html)))


def code(text: str) -> Markup:
    """Return text as code in a line."""
    return Markup("<code>{}</code>").format(text)


def code_lines(values: Iterable[str]) -> Markup:
    """Return each value as code on a line of its own."""
    return Markup("<br>").join(code(value) for value in values)


def inline_code(sentence: str) -> Markup:
    """Return a sentence as HTML, with the text between backticks as code."""
    return substitute("`([^`]+)`", r"<code>\1</code>", escape(sentence))


def command_block(command: str) -> Markup:
    """Return a block of one command line, with a button that copies it."""
    return Markup('<div class="highlight command"><pre><code>{}</code></pre></div>').format(command)


def block(
    text: Markup, title: str = "", css_class: str = "transcript", is_searched: bool = True
) -> Markup:
    """Return a block without a copy button: terminal output, or a file with its name as the title.

    Terminal output is indexed by the search, because people search for messages. Files are not.
    """
    # Inside a block that folds, Markdown parses on: nothing may look like Markdown to it, and an
    # empty line would end the HTML.
    name = ""
    if title:
        safe_title = substitute(_MARKDOWN, _entities, escape(title))
        name = Markup('<span class="filename">{}</span>').format(safe_title)
    safe_text = substitute(f"{_MARKDOWN}|{_LIST_ITEM}", _entities, text)
    return Markup(
        '<div class="highlight {} no-copy" markdown="0"{}>{}<pre><code>{}</code></pre></div>'
    ).format(
        css_class,
        "" if is_searched and not title else UNSEARCHED,
        name,
        Markup("\n").join(line or Markup("&#8203;") for line in safe_text.split("\n")),
    )


def difference(before: Sequence[str], after: Sequence[str]) -> Markup:
    """Return the lines that differ, each with one line of context around them."""
    lines = list(difflib.unified_diff(before, after, n=1, lineterm=""))
    classes = {"+": "gi", "-": "gd"}
    return Markup("\n").join(
        Markup('<span class="{}">{}</span>').format(classes.get(line[0], ""), line)
        for line in lines[2:]
        if line[0] != "@"
    )


def _entities(match: re.Match[str]) -> str:
    return "".join(each if each == " " else f"&#{ord(each)};" for each in match[0])


# --- terminal sessions ---


@dataclass(frozen=True)
class TerminalEntry:
    """A command, what it printed, and its exit code."""

    command: str
    output: str
    exit_code: int

    @property
    def complains(self) -> bool:
        """Whether it failed, or printed a message that a reader may search for."""
        return bool(self.exit_code or re.search(_COMPLAINT, self.output))

    @property
    def markup(self) -> Markup:
        """Its lines as HTML."""
        lines = [Markup('<span class="gp">$ {}</span>').format(self.command)]
        if self.output:
            lines.append(escape(self.output))
        if self.exit_code:
            lines.append(Markup('<span class="gr">exit code {}</span>').format(self.exit_code))
        return Markup("\n").join(lines)


def session(entries: Iterable[TerminalEntry]) -> Markup:
    """Return commands with their output. The search indexes only errors and warnings."""
    parts: list[Markup] = []
    has_complained = False
    for entry in entries:
        text = "\n" + entry.markup if parts else entry.markup
        # The newline above the first message is excluded along with the text above it.
        quiet = (
            (_PROGRESS if has_complained else rf"^\n|{_PROGRESS}") if entry.complains else "(?s).+"
        )
        parts.append(substitute(quiet, rf"<samp{UNSEARCHED}>\g<0></samp>", text))
        has_complained = has_complained or entry.complains
    return join(parts)


def prompt_line(command: str) -> Markup:
    """Return a command in a session that the search indexes whole, or not at all."""
    return Markup('<span class="gp">$ </span><b>{}</b>').format(command)


def output_lines(output: str) -> Markup:
    """Return the output of a command in such a session."""
    return Markup('<span class="go">{}</span>').format(output)


# --- proof marks ---


def proof_mark(name: str, sentence: str) -> str:
    """Return a mark, as Markdown, that leads from a sentence to the claim that proves it."""
    title = escape(sentence.replace("`", ""))
    return f'[proof](/reference/claims.md#{name}){{ .proof title="{title}" data-search-exclude=1 }}'


def proof_link(name: str, sentence: str, address: str) -> Markup:
    """Return such a mark as HTML. `address` is that of the page with the claims."""
    return Markup('<a class="proof" href="{}#{}" title="{}">proof</a>').format(
        address, name, sentence.replace("`", "")
    )
