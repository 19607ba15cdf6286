# case: true
FROM python:3.14-slim-trixie
# finds: the error is lost
RUN python manage.py collectstatic --noinput || true

# case: echo
FROM python:3.14-slim-trixie
# finds: the error is lost
RUN uv sync --locked || echo "failed"

# case: the build fails
FROM python:3.14-slim-trixie
# fine: with a message
RUN uv export --locked || { echo >&2 'Run "uv lock".'; exit 1; }
# fine: another command
RUN python manage.py collectstatic --noinput && (rm -f /tmp/x || true)

# case: another installer
FROM python:3.14-slim-trixie
# finds: pip installs other versions
RUN uv sync --locked || pip install -e .
# finds: the second command ignores the lockfile
RUN uv sync --frozen || uv sync

# case: uv run
FROM python:3.14-slim-trixie
# finds: the program can fail
RUN uv run llm install llm-openrouter || true
