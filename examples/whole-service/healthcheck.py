"""Exit with code 0 if the service is healthy.

With --heartbeat, check a worker or beat, which touch a file while they work.
Asking them with Celery would import the whole project for each check.
"""

import http.client
import sys
import time
from pathlib import Path

# A worker touches the file every 2 seconds, and beat at least every 10.
MAXIMUM_AGE = 30

if sys.argv[1:] == ["--heartbeat"]:
    age = time.time() - Path("/tmp/heartbeat").stat().st_mtime
    sys.exit(age > MAXIMUM_AGE)

# Use `http.client`, because `urllib` would use the proxy set in HTTP_PROXY.
connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
connection.request("GET", "/healthz")
sys.exit(connection.getresponse().status != 200)
