"""Check the Dockerfiles in folders with the modules that the site uses."""
