"""Read options from the help texts of Docker and pip."""

from guide.record.command_options import options_in

HELP = """\
Usage:  docker build [OPTIONS] PATH

Options:
      --build-arg stringArray         Set build-time variables, as with
                                      --build-context
  -f, --file string                   Name of the Dockerfile
      --pull                          Always attempt to pull all images
  -q, --quiet
      --secret-with-a-long-name list
                                      Secret to expose
  -i, --index-url, --pypi-url <url>   Base URL of the package index
"""


def test_options_are_read_with_their_values() -> None:
    assert options_in(HELP) == {
        "--build-arg": True,
        "-f": True,
        "--file": True,
        "--pull": False,
        "-q": False,
        "--quiet": False,
        "--secret-with-a-long-name": True,
        "-i": True,
        "--index-url": True,
        "--pypi-url": True,
    }


def test_a_text_without_options_has_none() -> None:
    assert options_in("Usage:  docker\n\n  - a list\n") == {}
