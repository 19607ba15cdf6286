"""Build the HTML that pages share: tables, code, terminal sessions, diffs and proof marks.

markupsafe escapes every `str`. A `Markup` is HTML that is already escaped.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from guide import ROOT

Replacement = Callable[[re.Match[str]], str]

# Excludes an element from the search index. Elements inside it must not have this attribute.
UNSEARCHED = Markup(' data-search-exclude="1"')

# Characters that Markdown would interpret in parsed HTML, and tabs, which it would replace.
_MARKDOWN = r"(?<!&)[#*_`~\[\]\\]|\t"
# Text that would begin a list item at the start of a line.
_LIST_ITEM = r"(?m:^ *(?:[^\w\s<&]|\d+(?=[.)])))"
# Progress output of uv and BuildKit, which the search does not index.
_PROGRESS = r"(\n(ran  |cached  |Creating virtual|Resolved|Prepared|Installed| \+ ).*)+"
# Words in messages that readers search for.
_MESSAGE_WORDS = r"(?i)\b(error|warn|warning|hint|denied|fail\w*|refused|not found|no such)\b"


_STYLES = ROOT / "scripts/guide/site/css/pages"
_COMMENTS = re.compile(r"/\*.*?\*/\n", re.DOTALL)


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
    """Return a table that scrolls if it is too wide. An empty heading becomes an empty cell."""
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
    """Return a row that begins with a header cell."""
    body = join(_cell(each).element("td") for each in cells)
    return Markup("<tr>{}{}</tr>").format(_cell(head).element("th", "row"), body)


def group_row(title: str, columns: int) -> Markup:
    """Return a row across all columns with the title of the following rows."""
    return Markup('<tr><th colspan="{}" scope="colgroup">{}</th></tr>').format(columns, title)


def _head(content: Content) -> Markup:
    if content == "":
        return Markup("<td></td>")
    return _cell(content).element("th", "col")


def _cell(content: Content) -> Cell:
    return content if isinstance(content, Cell) else Cell(content)


# --- text and code ---


def join(parts: Iterable[str], separator: str = "") -> Markup:
    """Return the parts joined as HTML. Plain text is escaped."""
    return escape(separator).join(parts)


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence, such as "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def substitute(pattern: str, replacement: str | Replacement, html: Markup) -> Markup:
    """Return HTML with each match of a pattern replaced by HTML.

    `re.sub` on a Markup would escape the text between the matches, because it uses the methods of
    Markup.
    """
    return Markup(re.sub(pattern, replacement, str(html)))


def code(text: str) -> Markup:
    """Return text as inline code."""
    return Markup("<code>{}</code>").format(text)


def code_lines(values: Iterable[str]) -> Markup:
    """Return each value as code on a separate line."""
    return Markup("<br>").join(code(value) for value in values)


def inline_code(sentence: str) -> Markup:
    """Return a sentence as HTML, in which text between backticks is code."""
    return substitute("`([^`]+)`", r"<code>\1</code>", escape(sentence))


def unparsed(html: Markup) -> Markup:
    """Return HTML with text that Markdown does not change, even inside an admonition.

    Its attributes must not contain characters that Markdown interprets.
    """
    return substitute(_MARKDOWN, _entities, html)


def command_block(command: str) -> Markup:
    """Return a block with one command and a copy button."""
    return Markup('<div class="highlight command"><pre><code>{}</code></pre></div>').format(command)


def block(
    text: Markup, title: str = "", css_class: str = "transcript", is_searched: bool = True
) -> Markup:
    """Return a block without a copy button: terminal output, or a file whose name is the title.

    The search indexes terminal output, because people search for messages, but not files.
    """
    # Markdown parses the content of folded blocks. The text must not contain any Markdown, and an
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
    """Return the lines that differ, with one line of context around each change."""
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
    """A command with its output and exit code."""

    command: str
    output: str
    exit_code: int

    @property
    def has_message(self) -> bool:
        """True if the command failed or printed a message that readers search for."""
        return bool(self.exit_code or re.search(_MESSAGE_WORDS, self.output))

    @property
    def markup(self) -> Markup:
        """The command and its output as HTML."""
        lines = [Markup('<span class="gp">$ {}</span>').format(self.command)]
        if self.output:
            lines.append(escape(self.output))
        if self.exit_code:
            lines.append(Markup('<span class="gr">exit code {}</span>').format(self.exit_code))
        return Markup("\n").join(lines)


def session(entries: Iterable[TerminalEntry]) -> Markup:
    """Return commands with their output. The search indexes only errors and warnings."""
    parts: list[Markup] = []
    has_message_above = False
    for entry in entries:
        text = "\n" + entry.markup if parts else entry.markup
        # The newline before the first message is excluded together with the text before it.
        quiet = (
            (_PROGRESS if has_message_above else rf"^\n|{_PROGRESS}")
            if entry.has_message
            else "(?s).+"
        )
        parts.append(substitute(quiet, rf"<samp{UNSEARCHED}>\g<0></samp>", text))
        has_message_above = has_message_above or entry.has_message
    return join(parts)


def prompt_line(command: str) -> Markup:
    """Return a command in a session that is indexed as a whole or not at all."""
    return Markup('<span class="gp">$ </span><b>{}</b>').format(command)


def output_lines(output: str) -> Markup:
    """Return the output of a command in such a session."""
    return Markup('<span class="go">{}</span>').format(output)


# --- proof marks ---


def proof_mark(name: str, sentence: str) -> str:
    """Return a mark, in Markdown, that links a sentence to the claim that proves it."""
    # Markdown would read the underscores of `__init__` in a title as emphasis.
    title = escape(sentence.replace("`", "")).replace("_", Markup("&#95;"))
    page = f"/reference/tested-statements.md#{name}"
    return f'[tested]({page}){{ .proof title="{title}" data-search-exclude=1 }}'


def proof_link(name: str, sentence: str, url: str) -> Markup:
    """Return a proof mark as HTML. `url` is the URL of the page with the claims."""
    return Markup('<a class="proof" href="{}#{}" title="{}">tested</a>').format(
        url, name, sentence.replace("`", "")
    )


# --- styles ---


def page_styles(name: str) -> Markup:
    """Return the styles of one page. In the style sheet, they would make every page heavier."""
    text = _COMMENTS.sub("", (_STYLES / f"{name}.css").read_text()).replace("\n", " ")
    return Markup('<style data-search-exclude="1">{}</style>').format(Markup(text))
