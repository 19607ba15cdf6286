"""Make kits, the files for one set of answers, with the modules that the site uses."""
