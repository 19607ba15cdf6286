# case: an older Python
# files: newer-python
# finds: uv pip does not compare
FROM python:3.11-slim-trixie
RUN uv pip compile pyproject.toml -o requirements.txt
RUN uv pip install --system -r requirements.txt

# case: uv sync compares
# files: newer-python
# fine: uv downloads another Python
FROM python:3.11-slim-trixie
RUN uv sync --locked

# case: a Python that is allowed
# files: up-to-date
# fine: the project supports it
FROM python:3.14-slim-trixie
RUN uv pip install --system -r pyproject.toml
