"""Get from a bare machine to the guide's own environment, with the standard library alone."""
