# case: a backslash at the end of the last line
FROM python:3.14-slim-trixie
RUN apt-get update && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/* \
    # The comment does not end the instruction.

# finds: echo and curl never run
RUN echo https://example.com | xargs curl

# case: no backslash
FROM python:3.14-slim-trixie
RUN apt-get update && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/*
# fine: an instruction of its own
RUN echo https://example.com | xargs curl

# case: a file in a heredoc
FROM python:3.14-slim-trixie
COPY <<EOF /Dockerfile
FROM scratch \
# fine: a line of the file
COPY . .
EOF
