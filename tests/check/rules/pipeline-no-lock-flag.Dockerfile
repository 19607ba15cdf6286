# case: neither flag in GitHub and in GitLab
# files: pipeline-unlocked
FROM python:3.14-slim-trixie
# fine: the pipelines are wrong
RUN uv sync --locked

# case: jobs that check, update, or work on something else
# files: pipeline-locked
FROM python:3.14-slim-trixie
# fine: no job tests other versions
RUN uv sync --locked

# case: no lockfile
# files: no-groups
FROM python:3.14-slim-trixie
# fine: another rule is about this
RUN uv sync --locked
