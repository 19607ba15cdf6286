"""Turn recorded facts into the Markdown and HTML of pages."""
