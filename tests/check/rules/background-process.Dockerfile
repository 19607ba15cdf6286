# case: a worker in the background
# files: background-worker
FROM python:3.14-slim-trixie
RUN uv sync --locked
# fine: the script has the line
CMD ["./start.sh"]

# case: the script waits for both
# files: background-wait
FROM python:3.14-slim-trixie
RUN uv sync --locked
# fine: the script ends with the first of the two
CMD ["./start.sh"]
