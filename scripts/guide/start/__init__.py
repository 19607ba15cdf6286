"""Set up the guide's environment on a bare machine, using only the standard library."""
