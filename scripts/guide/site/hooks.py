"""Hooks for mkdocs-macros, which calls them before a build and after the pages are written."""

import functools
import importlib
import pkgutil
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from guide import pages
from guide.content import agent_rules
from guide.content.contenders import contenders
from guide.pages import agents, check, downloads, kit
from guide.pages.registry import MACROS
from guide.site import assets, feed, markdown_pages, stylesheets

# Importing a module registers its macros.
for _module in pkgutil.iter_modules(pages.__path__, f"{pages.__name__}."):
    importlib.import_module(_module.name)


# mkdocs-macros and Zensical both call this, and neither has types for the environment.
def define_env(env: Any) -> None:
    """Write the generated files and define the macros at the start of a build."""
    # While the site is served, files of the examples can change between two builds.
    contenders.cache_clear()
    downloads.write_all()
    check.write_files()
    kit.write_sources()
    assets.write_style_sheet()
    for name, function in MACROS.items():
        env.macro(_with_links(function, env), name)


def on_post_build(env: Any) -> None:
    """Write the files that are derived from the finished pages."""
    markdown_pages.write_pages(env.conf)
    feed.write_feed(env.conf)
    folder = Path(env.conf["site_dir"])
    # MkDocs would make a page of a Markdown file in docs/.
    (folder / agents.FILE).write_text(agent_rules.for_any_project())
    assets.bundle_scripts(folder)
    assets.shorten_pages(folder)
    stylesheets.shorten(folder)


def _with_links(function: Callable[..., object], env: Any) -> Callable[..., object]:
    """Return the macro with root-relative links in its result adapted to the page.

    Zensical does not change root-relative links, but it adapts relative links in HTML.
    """

    @functools.wraps(function)
    def call(*arguments: object, **options: object) -> object:
        result = function(*arguments, **options)
        if not isinstance(result, str):
            return result
        source = env.page.file.src_uri if hasattr(env.page, "file") else env.page.path
        # The methods of a Markup would escape the text between the links.
        result = re.sub(r"(?<=\]\()/", "../" * source.count("/"), str(result))
        return re.sub(r'(?<= href=")/', env.conf["site_url"], result)

    return call
