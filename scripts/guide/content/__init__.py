"""Read the content of the repository: examples, Dockerfiles, edits, claims and recordings."""
