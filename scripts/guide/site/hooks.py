"""The functions that mkdocs-macros calls: the macros that pages use, and what follows a build."""

import functools
import importlib
import pkgutil
import re
from collections.abc import Callable
from pathlib import Path

from guide import pages
from guide.content import downloads
from guide.pages.registry import MACROS
from guide.site import assets, feed, markdown_pages, stylesheets

for module in pkgutil.iter_modules(pages.__path__, f"{pages.__name__}."):
    importlib.import_module(module.name)


def define_env(env) -> None:
    """Called by mkdocs-macros at the start of each build."""
    downloads.write_all()
    for function in MACROS.values():
        env.macro(_linked(function, env))


def _linked(function: Callable, env) -> Callable:
    """A macro whose links from the root of the site lead there from any page.

    Zensical leaves links from the root as they are, and adapts relative ones in HTML.
    """

    @functools.wraps(function)
    def call(*arguments, **options):
        said = function(*arguments, **options)
        if not isinstance(said, str):
            return said
        source = env.page.file.src_uri if hasattr(env.page, "file") else env.page.path
        said = re.sub(r"(?<=\]\()/", "../" * source.count("/"), said)
        return re.sub(r'(?<= href=")/', env.conf["site_url"], said)

    return call


def on_post_build(env) -> None:
    """Called by mkdocs-macros when the pages are written."""
    markdown_pages.write_all(env.conf)
    feed.write(env.conf)
    folder = Path(env.conf["site_dir"])
    assets.strip_comments(folder)
    stylesheets.shorten(folder)
