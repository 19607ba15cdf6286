"""Exit with code 0 if the server answers and requires the password."""

import http.client
import sys

connection = http.client.HTTPConnection("127.0.0.1", 8419, timeout=4)
connection.request("GET", "/simple/acme-vat/")
sys.exit(connection.getresponse().status != 401)
