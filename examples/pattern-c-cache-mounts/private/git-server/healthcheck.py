"""Exit with code 0 if the server answers and requires the token."""

import http.client
import sys

connection = http.client.HTTPConnection("127.0.0.1", 8418, timeout=4)
connection.request("GET", "/acme/shipcodes.git/info/refs")
sys.exit(connection.getresponse().status != 401)
