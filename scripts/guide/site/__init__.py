"""Connect the pages with mkdocs: hooks, Markdown extensions, and files that the build adds."""
