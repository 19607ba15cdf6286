"""Print the duration of a command line in seconds, without the start of its container.

The second argument says how often the command runs. Only the last run is timed.
"""

import subprocess
import sys
import time

line, times = sys.argv[1], int(sys.argv[2])
for _ in range(times):
    start = time.monotonic()
    done = subprocess.run(line, shell=True, capture_output=True, text=True)
    seconds = time.monotonic() - start
    if done.returncode:
        sys.exit(done.stderr + done.stdout)
print(f"{seconds:.3f}")
