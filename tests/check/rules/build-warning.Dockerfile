# case: variables without an equals sign
FROM python:3.14-slim-trixie
# finds: the old form
ENV PYTHONUNBUFFERED 1
ENV GREETING hello world
# fine: the new form
ENV LANG=C.UTF-8 \
    TZ=UTC

# case: cases
# finds: FROM and as
FROM python:3.14-slim-trixie as build
# fine: both in lower case
from python:3.14-slim-trixie as runtime
# fine: both in upper case
FROM build AS final
COPY --from=runtime /a /b

# case: a platform
# finds: Docker emulates it elsewhere
FROM --platform=linux/amd64 python:3.14-slim-trixie

# case: the platform of the build
# fine: a variable
FROM --platform=$BUILDPLATFORM python:3.14-slim-trixie
