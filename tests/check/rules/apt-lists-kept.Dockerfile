# case: kept
FROM python:3.14-slim-trixie
RUN \
    # finds: nothing removes the lists
    apt-get update \
    && apt-get install -y libpq5

# case: removed
FROM python:3.14-slim-trixie
# fine: removed in the same step
RUN apt-get update && apt-get install -y libpq5 && rm -rf /var/lib/apt/lists/*

# case: removed too late
FROM python:3.14-slim-trixie
# finds: the layer keeps them
RUN apt-get update && apt-get install -y libpq5
RUN rm -rf /var/lib/apt/lists/*

# case: a cache mount
FROM python:3.14-slim-trixie
# fine: the lists are in the mount
RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y libpq5

# case: a stage that does not ship
FROM python:3.14-slim-trixie AS build
# fine: the image has no layer of this stage
RUN apt-get update && apt-get install -y gcc
FROM python:3.14-slim-trixie
COPY --from=build /app /app

# case: a cache mount elsewhere
FROM python:3.14-slim-trixie
# finds: the archives are in the mount, the lists are not
RUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y libpq5

# case: a condition
FROM python:3.14-slim-trixie
# finds: the lists stay
RUN if [ "$DEBUG" = 1 ]; then apt-get update && apt-get install -y vim; fi

# case: a failure that counts
FROM python:3.14-slim-trixie
# finds: the lists stay
RUN apt-get update && apt-get install -y vim || exit 1
