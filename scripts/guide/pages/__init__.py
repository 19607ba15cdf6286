"""What pages show: facts from recordings, as Markdown and HTML."""
