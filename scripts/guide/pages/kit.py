"""Show the page that makes the files of a kit, and the files of the examples without a script."""

import json

from markupsafe import Markup

from guide import ROOT
from guide.content.kit_sources import kit_sources
from guide.content.release import guide_release, guide_version
from guide.machine import files
from guide.pages.chooser import files_and_links, read_chooser
from guide.pages.markup import join, page_styles
from guide.pages.registry import macro

_SOURCES_FILE = ROOT / "docs/downloads/kit-sources.json"


@macro
def make_kit() -> Markup:
    """Return the form that makes a kit. The script writes the questions and the files into it."""
    return Markup(
        '<div>{}<make-kit class="kit" data-release="{}">'
        '<form data-search-exclude="1" autocomplete="off">'
        '<p class="notice" hidden></p>'
        '<section class="start"><h2>Start from your project</h2>'
        '<textarea aria-label="Your pyproject.toml" spellcheck="false" autocapitalize="off" '
        'wrap="off" rows="4" placeholder="Paste your pyproject.toml, or drop your project '
        'folder here. It stays in your browser."></textarea>'
        '<p class="ways"><label>Choose a project folder '
        '<input type="file" name="folder" webkitdirectory></label>'
        '<label>Choose files <input type="file" name="one" multiple></label>'
        '<button type="button" name="clear">Start over</button></p>'
        '<div class="reading" hidden></div></section>'
        '<section><h2>Answer the questions</h2><div class="questions"></div></section>'
        '<section><h2>Enter your names</h2><div class="names"></div></section></form>'
        '<div class="result" data-search-exclude="1"><div class="head-line"><p class="chosen">'
        '<a class="pattern" href="../patterns/compare/"></a> <span role="status"></span>'
        '<a class="why" href="../choose/">Why this Dockerfile?</a>'
        '<button type="button" name="see">See the files</button></p>'
        '<p class="tools"><button type="button" name="download" class="md-button '
        'md-button--primary">Download all files</button>'
        '<button type="button" name="next">What to do next</button>'
        '<button type="button" name="copyLink">Copy link</button></p></div>'
        '<div class="refusals"></div><div class="made" hidden>'
        '<fieldset class="tree"><legend>Files</legend></fieldset>'
        '<div class="text"></div></div></div></make-kit></div>'
    ).format(page_styles("kit"), json.dumps(guide_release(), ensure_ascii=False))


@macro("guide_version")
def version_of_the_guide() -> str:
    """Return the version of the guide."""
    return guide_version()


@macro
def kit_patterns() -> Markup:
    """Return the files of each pattern's own example, with links to the page and the download."""
    options = [option for option in read_chooser().options if option.is_pattern]
    items = (
        Markup("<section><h3>{}</h3><p>{}</p>{}</section>").format(
            option.title, option.text.strip(), files_and_links(option)
        )
        for option in options
    )
    return Markup('<div class="kit-patterns">{}</div>').format(join(items))


def write_sources() -> None:
    """Write the texts of the examples with marks for names, which the form loads."""
    files.update(_SOURCES_FILE, json.dumps(kit_sources(), ensure_ascii=False).encode())
