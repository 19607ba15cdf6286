# case: curl
FROM python:3.14-slim-trixie
# finds: slim images have no curl
HEALTHCHECK --interval=30s CMD curl -f http://localhost:8000/healthz || exit 1

# case: curl is installed
FROM python:3.14-slim-trixie
RUN apt-get update && apt-get install -y \
    curl \
    && rm -rf /var/lib/apt/lists/*
# fine: the step above installs curl
HEALTHCHECK CMD curl -f http://localhost:8000/healthz || exit 1

# case: a full image
FROM python:3.14
# fine: this image has curl
HEALTHCHECK CMD curl -f http://localhost:8000/healthz || exit 1

# case: curl is installed in another stage
FROM python:3.14-slim-trixie AS build
RUN apt-get update && apt-get install -y curl
FROM python:3.14-slim-trixie
COPY --from=build /app /app
# finds: the last stage has no curl
HEALTHCHECK CMD ["curl", "-f", "http://localhost:8000/healthz"]

# case: wget on Alpine
FROM python:3.14-alpine
# fine: BusyBox has wget
HEALTHCHECK CMD wget -q -O- http://localhost:8000/healthz

# case: Python
FROM python:3.14-slim-trixie
# fine: the image has Python
HEALTHCHECK CMD ["python", "healthcheck.py"]

# case: a step makes a script executable
FROM python:3.14-slim-trixie
RUN chmod +x /usr/local/bin/cron.sh
# finds: the script does not run in the build
HEALTHCHECK CMD curl -f http://localhost:80/healthcheck || exit 1

# case: a step runs a script
FROM python:3.14-slim-trixie
RUN ./install-packages.sh
# fine: the script can install curl
HEALTHCHECK CMD curl -f http://localhost:80/healthcheck || exit 1

# case: curl on Alpine
FROM python:3.14-alpine
# finds: BusyBox has no curl
HEALTHCHECK CMD curl -f http://localhost:8000/healthz

# case: no single address
FROM python:3.14-slim-trixie
# finds: slim images have no curl
HEALTHCHECK CMD curl -f http://localhost:$PORT/healthz

# case: a list of packages
FROM python:3.14-slim-trixie
ARG PACKAGES="curl gettext"
RUN apt-get update && apt-get install -y $PACKAGES && rm -rf /var/lib/apt/lists/*
# fine: the list names it
HEALTHCHECK CMD curl -f http://localhost:8000/
