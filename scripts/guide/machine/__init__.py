"""Use this machine: its processes, files, locks, Debian packages, Node.js, browser and Git."""
