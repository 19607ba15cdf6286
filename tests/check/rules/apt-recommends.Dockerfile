# case: with recommended packages
FROM python:3.14-slim-trixie
# finds: the option is missing
RUN apt-get update && apt-get install -y git libpq5 && rm -rf /var/lib/apt/lists/*

# case: without recommended packages
FROM python:3.14-slim-trixie
RUN apt-get update \
# fine: only what the line names
    && apt-get install --yes --no-install-recommends git libpq5 \
    && rm -rf /var/lib/apt/lists/*

# case: a stage that is not in the image
FROM python:3.14-slim-trixie AS build
# fine: this stage is not shipped
RUN apt-get update && apt-get install -y gcc
FROM python:3.14-slim-trixie
COPY --from=build /app /app

# case: a setting of apt
FROM python:3.14-slim-trixie
RUN echo 'APT::Install-Recommends "false";' > /etc/apt/apt.conf.d/99-recommends
# fine: the setting above applies
RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
