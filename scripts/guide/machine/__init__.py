"""This machine: its programs, files, locks, processes, Debian packages, Node, browser and Git."""
