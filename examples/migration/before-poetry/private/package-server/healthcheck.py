"""Ends with code 0 when the server answers, and not to strangers."""

import http.client
import sys

connection = http.client.HTTPConnection("127.0.0.1", 8419, timeout=4)
connection.request("GET", "/simple/acme-vat/")
sys.exit(connection.getresponse().status != 401)
