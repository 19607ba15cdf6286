"""Plumbing between mkdocs and the pages."""
