"""The name under which the finished site is served to the browser, out of its folder."""

ORIGIN = "https://guide.test"
