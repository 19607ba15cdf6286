"""Attach to debugpy as an editor does, stop in a view, and print a variable."""

import json
import socket
import sys
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

debugger, url, file, line, variable = sys.argv[1:]
host, _, port = debugger.partition(":")
connection = socket.create_connection((host, int(port)), timeout=60).makefile("rwb")


def send(command, **arguments):
    request = {"seq": 1, "type": "request", "command": command, "arguments": arguments}
    body = json.dumps(request).encode()
    connection.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    connection.flush()


def wait_for(name):
    """Return the body of an event, or of the response to a command."""
    while True:
        length = int(connection.readline().partition(b":")[2])
        connection.readline()
        message = json.loads(connection.read(length))
        if name in (message.get("event"), message.get("command")):
            return message.get("body", {})


folder = str(Path.cwd())
launch = Path(".vscode/launch.json").read_text().replace("${workspaceFolder}", folder)
send("initialize", adapterID="debugpy", pathFormat="path")
send("attach", **json.loads(launch)["configurations"][0])
wait_for("initialized")
send("setBreakpoints", source={"path": f"{folder}/{file}"}, breakpoints=[{"line": int(line)}])
send("configurationDone")
wait_for("configurationDone")
Thread(target=lambda: print(urlopen(url).read().decode())).start()
stopped = wait_for("stopped")
send("stackTrace", threadId=stopped["threadId"], levels=1)
frame = wait_for("stackTrace")["stackFrames"][0]
print(f"{stopped['reason']} in {frame['name']}, line {frame['line']}")
send("evaluate", expression=variable, frameId=frame["id"])
print(f"{variable} = {wait_for('evaluate')['result']}")
send("continue", threadId=stopped["threadId"])
wait_for("continue")
