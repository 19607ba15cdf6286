# case: the old name
FROM python:3.14-slim-trixie
# finds: the old name
ENV UV_NATIVE_TLS=1

# case: the new name
FROM python:3.14-slim-trixie
# fine: the new name
ENV UV_SYSTEM_CERTS=1
