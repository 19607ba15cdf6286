"""Set up the guide's own environment on a bare machine, with the standard library alone."""
