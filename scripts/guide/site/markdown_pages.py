"""Each page as Markdown beside its HTML, and llms.txt, which lists them.

Made from the finished article: included files, transcripts and tables are in it as they are shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from bs4 import BeautifulSoup, SoupStrainer, Tag
from markdownify import MarkdownConverter

# Elements, and classes of elements, that only a person at a screen can use.
DROPPED = {
    *("svg", "script", "style", "template", "button", "input", "select", "textarea", "iframe"),
    *("headerlink", "as-markdown", "md-source-file", "tabbed-labels"),
}

# Classes of what is the title of the block below it.
TITLES = {"filename", "admonition-title"}

# Stands behind each cell of a row until the whole table is known.
CELL_END = "\x1f"

# Blocks that the converter takes for words in a line.
FOLDS = {"details", "summary"}

# Blocks whose language their class says, by the name that GitHub knows it by.
LANGUAGES = {"command": "sh", "source": "python"}
LEXERS = {"docker": "dockerfile", "text": ""}

ABOUT = (
    "Every page is here as Markdown, with the files it shows whole and with absolute links. The "
    "files are those that the guide's tests build; figures and messages come from recordings of "
    "real runs, published as JSON. Versions and machine are given beside them."
)


@dataclass(frozen=True)
class Page:
    """A page of the navigation."""

    section: str
    title: str
    address: str
    description: str
    markdown: str


def write_all(config) -> None:
    """Write the Markdown of every page of the navigation, and the lists, into the built site."""
    folder, site = Path(config["site_dir"]), config["site_url"]
    pages = []
    for section, title, source in _listed(config["nav"]):
        address = source.removesuffix(".md").removesuffix("index")
        address += "/" if address and not address.endswith("/") else ""
        page = BeautifulSoup(
            (folder / address / "index.html").read_text(),
            "html.parser",
            parse_only=SoupStrainer(["article", "meta"]),
        )
        description = page.find("meta", attrs={"name": "description"})["content"]
        text = to_markdown(page.find("article"), urljoin(site, address))
        (folder / address / "index.md").write_text(text)
        pages.append(Page(section, title, urljoin(site, address), description, text))
    (folder / "llms.txt").write_text(
        listing(config["site_name"], config["site_description"], pages)
    )


def to_markdown(article: Tag, address: str) -> str:
    """The article of the page at an address as Markdown."""
    text = _Converter(address).convert_soup(article)
    return f"{text.strip()}\n\n---\n\nThis page on the web: {address}\n"


def listing(name: str, summary: str, pages: list[Page]) -> str:
    """The text of llms.txt (llmstxt.org): the pages by section, those without one first."""
    parts = [f"# {name}\n\n> {summary}\n\n{ABOUT}\n"]
    for section in dict.fromkeys(["", *(page.section for page in pages)]):
        links = [
            f"- [{page.title}]({page.address}index.md): {page.description}\n"
            for page in pages
            if page.section == section
        ]
        parts.append(f"\n## {section or 'Pages'}\n\n{''.join(links)}")
    return "".join(parts)


def _listed(nav: list, section: str = "") -> Iterator[tuple[str, str, str]]:
    """The pages of the navigation with their section and title, as mkdocs.yml has them."""
    for each in nav:
        for title, target in each.items():
            if isinstance(target, str):
                yield section, title, target
            else:
                yield from _listed(target, title)


class _Converter(MarkdownConverter):
    """Reads the article in one pass: selectors would walk through each coloured word again."""

    def __init__(self, address: str):
        super().__init__(heading_style="atx", bullets="-", autolinks=False)
        self.address = address

    def process_tag(self, node, parent_tags=None):
        kinds = _kinds(node)
        if node.name in DROPPED or kinds & DROPPED or node.get("aria-hidden") == "true":
            return ""
        if node.name == "pre":
            return _fenced(node)
        text = super().process_tag(node, parent_tags)
        return f"\n\n**{text.strip()}**\n\n" if text and kinds & TITLES else text

    def process_text(self, el, parent_tags=None):
        beside = (el.previous_sibling, el.next_sibling)
        if not el.strip() and any(each and each.name in FOLDS for each in beside):
            return ""
        return super().process_text(el, parent_tags)

    def escape(self, text, parent_tags):
        """Only what Markdown would read as its own, so that the text reads well as it is."""
        text = re.sub(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)|<(?=[\w/!?])", r"\\\g<0>", text)
        return re.sub(r"&(?=#?\w+;)", "&amp;", text)

    def convert_a(self, el, text, parent_tags):
        if el.get("href"):
            el["href"] = urljoin(self.address, el["href"])
        return super().convert_a(el, text, parent_tags)

    def convert_img(self, el, text, parent_tags):
        el["src"] = urljoin(self.address, el["src"])
        return super().convert_img(el, text, parent_tags)

    def convert_div(self, el, text, parent_tags):
        if el.parent.name == "li":
            return text
        if "tabbed-block" in _kinds(el):
            labels = el.find_parent(class_="tabbed-set").find(class_="tabbed-labels")
            label = labels.find_all("label")[len(el.find_previous_siblings("div"))]
            text = f"**{label.get_text()}**\n\n{text.strip()}"
        return super().convert_div(el, text, parent_tags)

    convert_details = convert_div

    def convert_summary(self, el, text, parent_tags):
        # One file, and the summary is its name.
        name = el.find_next_sibling().find(class_="filename")
        return "" if name and name.get_text() == el.get_text() else f"\n\n**{text.strip()}**\n\n"

    def convert_span(self, el, text, parent_tags):
        if "label" in _kinds(el):
            return f"{text}: "
        return f", {text}" if _is_step(el.parent) else text

    def convert_small(self, el, text, parent_tags):
        return f" ({text})" if parent_tags & {"td", "th"} else f"{text}: "

    def convert_br(self, el, text, parent_tags):
        return ", " if parent_tags & {"td", "th"} else super().convert_br(el, text, parent_tags)

    def convert_td(self, el, text, parent_tags):
        cell = " ".join(text.split()).replace("|", r"\|")
        if el.get("scope") == "colgroup":
            cell = f"**{cell}**"
        return cell + CELL_END * int(el.get("colspan", 1))

    convert_th = convert_td

    def convert_tr(self, el, text, parent_tags):
        return f"{text}\n"

    def convert_table(self, el, text, parent_tags):
        """With one line of heads, empty ones if the table has none, and no empty column: that of
        the bars of a chart."""
        rows = [line.split(CELL_END)[:-1] for line in text.splitlines()]
        if not el.find("thead"):
            rows.insert(0, [""] * len(rows[0]))
        rows = [*zip(*(each for each in zip(*rows, strict=True) if any(each)), strict=True)]
        rows.insert(1, ["---"] * len(rows[0]))
        lines = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
        return f"\n\n{lines}\n\n"


def _kinds(element: Tag) -> set[str]:
    return {*element.get("class", [])}


def _is_step(element: Tag) -> bool:
    return element.name == "li" and "steps" in _kinds(element.parent)


def _fenced(block: Tag) -> str:
    """A block that holds the file, or the lines that are shown, as they are."""
    text = (block.get("data-copy") or block.get_text().replace("\u200b", "")).rstrip("\n")
    ticks = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (ticks + 1)
    return f"\n\n{fence}{_language(block)}\n{text}\n{fence}\n\n"


def _language(block: Tag) -> str:
    kinds = _kinds(block.parent)
    for kind in kinds:
        if kind.startswith("language-"):
            name = kind.removeprefix("language-")
            return LEXERS.get(name, name)
        if kind in LANGUAGES:
            return LANGUAGES[kind]
    if "transcript" not in kinds:
        return ""
    if block.find(class_="gp"):
        return "console"
    return "diff" if block.find(class_=["gi", "gd"]) else ""
