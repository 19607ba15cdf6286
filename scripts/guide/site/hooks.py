"""The functions that mkdocs-macros calls: before a build, and when the pages are written."""

import functools
import importlib
import pkgutil
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from guide import pages
from guide.pages import downloads
from guide.pages.registry import MACROS
from guide.site import assets, feed, markdown_pages, stylesheets

# The macros register themselves when their modules are imported.
for _module in pkgutil.iter_modules(pages.__path__, f"{pages.__name__}."):
    importlib.import_module(_module.name)


# The environment is that of mkdocs-macros or of Zensical, neither of which has types.
def define_env(env: Any) -> None:
    """Hand the macros over at the start of a build."""
    downloads.write_all()
    assets.write_style_sheet()
    for name, function in MACROS.items():
        env.macro(_with_links(function, env), name)


def on_post_build(env: Any) -> None:
    """Write what is made from the finished pages."""
    markdown_pages.write_pages(env.conf)
    feed.write_feed(env.conf)
    folder = Path(env.conf["site_dir"])
    assets.strip_comments(folder)
    stylesheets.shorten(folder)


def _with_links(function: Callable[..., object], env: Any) -> Callable[..., object]:
    """Return a macro whose links from the root of the site lead there from any page.

    Zensical leaves links from the root as they are, and adapts relative ones in HTML.
    """

    @functools.wraps(function)
    def call(*arguments: object, **options: object) -> object:
        result = function(*arguments, **options)
        if not isinstance(result, str):
            return result
        source = env.page.file.src_uri if hasattr(env.page, "file") else env.page.path
        # Not a Markup, whose methods would escape the rest.
        result = re.sub(r"(?<=\]\()/", "../" * source.count("/"), str(result))
        return re.sub(r'(?<= href=")/', env.conf["site_url"], result)

    return call
