"""Select the tests, run them with an engine if needed, and report on them."""
