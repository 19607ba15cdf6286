# case: a password in an address
FROM python:3.14-slim-trixie
# finds: the password
RUN git clone https://bot:s3cret@git.corp.net/shop/lib.git

# case: a literal value for an index
FROM python:3.14-slim-trixie
# finds: the password
RUN UV_INDEX_ACME_PASSWORD=s3cret uv sync --locked

# case: a variable
FROM python:3.14-slim-trixie
# fine: from a secret
RUN git clone https://bot:${TOKEN}@git.corp.net/shop/lib.git
# fine: from a secret
RUN UV_INDEX_ACME_PASSWORD="$(cat /run/secrets/acme)" uv sync --locked
# fine: a placeholder for this step
RUN DATABASE_URL=postgres://none:none@localhost/none python manage.py collectstatic
