"""Print the options of every Poetry command as JSON. Poetry's own Python runs this file."""

import json

from cleo.io.null_io import NullIO
from poetry.console.application import Application

application = Application()
# The export command is a plugin.
application._load_plugins(NullIO())
options: dict[str, dict[str, bool]] = {}
for name, command in application.all().items():
    of_command = options.setdefault(f"poetry {name}", {})
    for option in (*application.definition.options, *command.definition.options):
        names = [f"--{option.name}", *(f"-{short}" for short in (option.shortcut or "").split("|"))]
        of_command |= {each: option.requires_value() for each in names if each != "-"}
print(json.dumps(options))
