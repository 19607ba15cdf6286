# case: without set -e
# files: goes-on
FROM python:3.14-slim-trixie
COPY start.sh /
CMD ["/start.sh"]

# case: with set -e
# files: stops
FROM python:3.14-slim-trixie
COPY start.sh /
# fine: the script stops at the first failure
CMD ["/start.sh"]

# case: the entrypoint runs a script that the image has
# files: start-without-cmd
FROM python:3.14-slim-trixie
COPY entrypoint.sh /entrypoint
COPY start.sh /start
ENTRYPOINT ["/entrypoint"]
