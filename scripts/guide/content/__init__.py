"""What is in the repository: examples, Dockerfiles, edits, claims and recordings, read only."""
