"""Write a Markdown version of each page, and llms.txt, which lists the pages.

The Markdown is converted from the finished article, so that it contains the included files,
transcripts and tables of the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from bs4 import Tag
from bs4.element import NavigableString
from markdownify import MarkdownConverter
from mkdocs.config.defaults import MkDocsConfig

from guide.pages import agents
from guide.site.parsing import classes, code_text, element, read_page

# Elements and classes that are useful only on a screen.
_DROPPED = {
    *("svg", "script", "style", "template", "button", "input", "select", "textarea", "iframe"),
    *("headerlink", "page-links", "md-source-file", "tabbed-labels"),
}

# Classes of block titles.
_TITLE_CLASSES = {"filename", "admonition-title"}

# Ends each cell of a row until the whole table is converted.
_CELL_END = "\x1f"

# Blocks that the converter treats as inline elements.
_FOLDS = {"details", "summary"}

# Maps the class or the lexer of a block to GitHub's name of the language.
_LANGUAGES = {"command": "sh", "source": "python"}
_LEXERS = {"docker": "dockerfile", "text": ""}

_ABOUT = (
    "Every page is here as Markdown, with the files it shows whole and with absolute links. The "
    "files are those that the guide's tests build; figures and messages come from recordings of "
    "real runs, published as JSON. Versions and machine are given beside them.\n\n"
    "The rules for coding agents are also one file, which a project can keep: {rules}"
)

# An entry of the navigation in mkdocs.yml. It maps a title to a page or to more entries.
NavigationEntry = dict[str, "str | list[NavigationEntry]"]


@dataclass(frozen=True)
class Page:
    """A page of the navigation."""

    section: str
    title: str
    url: str
    description: str


def write_pages(config: MkDocsConfig) -> None:
    """Write the Markdown of every page in the navigation, and llms.txt, into the built site."""
    folder, site = Path(config["site_dir"]), config["site_url"]
    pages = []
    for section, title, source in _navigation(config["nav"]):
        path = _path(source)
        page = read_page(folder / path / "index.html")
        text = to_markdown(element(page, "article"), urljoin(site, path))
        (folder / path / "index.md").write_text(text)
        description = str(element(page, "meta[name=description]")["content"])
        pages.append(Page(section, title, urljoin(site, path), description))
    (folder / "llms.txt").write_text(
        listing(config["site_name"], config["site_description"], urljoin(site, agents.FILE), pages)
    )


def to_markdown(article: Tag, url: str) -> str:
    """Return the article of the page at a URL as Markdown."""
    text = _Converter(url).convert_soup(article)
    return f"{text.strip()}\n\n---\n\nThis page on the web: {url}\n"


def listing(name: str, summary: str, rules: str, pages: list[Page]) -> str:
    """Return llms.txt (llmstxt.org). It lists pages without a section, then the other sections.

    `rules` is the URL of the rules for coding agents.
    """
    parts = [f"# {name}\n\n> {summary}\n\n{_ABOUT.format(rules=rules)}\n"]
    for section in dict.fromkeys(["", *(page.section for page in pages)]):
        links = [
            f"- [{page.title}]({page.url}index.md): {page.description}\n"
            for page in pages
            if page.section == section
        ]
        parts.append(f"\n## {section or 'Pages'}\n\n{''.join(links)}")
    return "".join(parts)


def _navigation(
    entries: list[NavigationEntry], section: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Yield section, title and source of each page in navigation order."""
    for entry in entries:
        for title, target in entry.items():
            if isinstance(target, str):
                yield section, title, target
            else:
                yield from _navigation(target, title)


def _path(source: str) -> str:
    """Return the path in the site of a page in docs/."""
    path = source.removesuffix(".md").removesuffix("index")
    return f"{path}/" if path and not path.endswith("/") else path


class _Converter(MarkdownConverter):
    """Convert an article in one pass. Selectors would visit each highlighted word again."""

    def __init__(self, url: str) -> None:
        super().__init__(heading_style="atx", bullets="-", autolinks=False)
        self.url = url

    @property
    def library(self) -> Any:
        """The methods of MarkdownConverter that its type stub does not declare."""
        return super()

    def process_tag(self, node: Tag, parent_tags: set[str] | None = None) -> str:
        kinds = classes(node)
        if node.name in _DROPPED or kinds & _DROPPED or node.get("aria-hidden") == "true":
            return ""
        if node.name == "pre":
            return _fenced(node)
        text: str = self.library.process_tag(node, parent_tags)
        return f"\n\n**{text.strip()}**\n\n" if text and kinds & _TITLE_CLASSES else text

    def process_text(self, el: NavigableString, parent_tags: set[str] | None = None) -> str:
        siblings = (el.previous_sibling, el.next_sibling)
        if not el.strip() and any(isinstance(s, Tag) and s.name in _FOLDS for s in siblings):
            return ""
        text: str = self.library.process_text(el, parent_tags)
        return text

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Escape only what Markdown would interpret, so that the text stays readable."""
        text = re.sub(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)|<(?=[\w/!?])", r"\\\g<0>", text)
        return re.sub(r"&(?=#?\w+;)", "&amp;", text)

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if el.get("href"):
            el["href"] = urljoin(self.url, str(el["href"]))
        link: str = self.library.convert_a(el, text, parent_tags)
        return link

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        el["src"] = urljoin(self.url, str(el["src"]))
        image: str = self.library.convert_img(el, text, parent_tags)
        return image

    def convert_div(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if el.parent and el.parent.name == "li":
            return text
        if "tabbed-block" in classes(el):
            text = f"**{_tab_label(el)}**\n\n{text.strip()}"
        block: str = self.library.convert_div(el, text, parent_tags)
        return block

    convert_details = convert_div

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        # A summary that is the name of the only file in it would repeat the title of the file.
        content = el.find_next_sibling(True)
        name = content.find(class_="filename") if isinstance(content, Tag) else None
        return "" if name and name.get_text() == el.get_text() else f"\n\n**{text.strip()}**\n\n"

    def convert_span(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "label" in classes(el):
            return f"{text}: "
        is_in_step = el.parent and el.parent.name == "li" and "steps" in classes(el.parent.parent)
        return f", {text}" if is_in_step else text

    def convert_small(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f" ({text})" if parent_tags & {"td", "th"} else f"{text}: "

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if parent_tags & {"td", "th"}:
            return ", "
        line_break: str = self.library.convert_br(el, text, parent_tags)
        return line_break

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        cell = " ".join(text.split()).replace("|", r"\|")
        if el.get("scope") == "colgroup":
            cell = f"**{cell}**"
        return cell + _CELL_END * int(str(el.get("colspan") or "1"))

    convert_th = convert_td

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"{text}\n"

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Return a table with a header row, which Markdown requires.

        Empty columns, such as the bars of charts, are left out.
        """
        rows = [line.split(_CELL_END)[:-1] for line in text.splitlines()]
        if not el.find("thead"):
            rows.insert(0, [""] * len(rows[0]))
        columns = [column for column in zip(*rows, strict=True) if any(column)]
        heads, *body = zip(*columns, strict=True)
        lines = (f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *body))
        return "\n\n" + "\n".join(lines) + "\n\n"


def _tab_label(block: Tag) -> str:
    """Return the label of a tab."""
    tabs = block.find_parent(class_="tabbed-set")
    assert tabs is not None
    labels = element(tabs, ".tabbed-labels").find_all("label")
    return labels[len(block.find_previous_siblings("div"))].get_text()


def _fenced(block: Tag) -> str:
    """Return a fenced block with the file that the block contains, or its visible lines."""
    text = code_text(block).replace("\u200b", "").rstrip("\n")
    ticks = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (ticks + 1)
    return f"\n\n{fence}{_language(block)}\n{text}\n{fence}\n\n"


def _language(block: Tag) -> str:
    kinds = classes(block.parent)
    for kind in kinds:
        if kind.startswith("language-"):
            name = kind.removeprefix("language-")
            return _LEXERS.get(name, name)
        if kind in _LANGUAGES:
            return _LANGUAGES[kind]
    if "transcript" not in kinds:
        return ""
    if block.find(class_="gp"):
        return "console"
    return "diff" if block.find(class_=["gi", "gd"]) else ""
