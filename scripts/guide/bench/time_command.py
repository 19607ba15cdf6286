"""Print how many seconds a command line takes, without the start of the container it runs in.

With a second argument above 1, the command runs several times and the last run is timed.
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
