"""The command `tracking`, which takes the place of manage.py."""

import os
import sys

from django.core.management import execute_from_command_line


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracking.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
