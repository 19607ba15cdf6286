"""Exit with code 0 if the service is healthy.

Use http.client, because urllib would use the proxy set in HTTP_PROXY.
"""

import http.client
import sys

connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
connection.request("GET", "/healthz")
sys.exit(connection.getresponse().status != 200)
