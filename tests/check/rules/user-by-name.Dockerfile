# case: a name
FROM python:3.14-slim-trixie
RUN useradd --uid 10001 --no-create-home app
# finds: a name
USER app

# case: a number
FROM python:3.14-slim-trixie
# fine: a number
USER 10001:10001

# case: a variable
FROM python:3.14-slim-trixie
# fine: unknown
USER $APP_USER

# case: root
FROM python:3.14-slim-trixie
# fine: another rule is about this
USER root

# case: a group
FROM python:3.14-slim-trixie
RUN useradd --uid 10001 app
# finds: a name
USER app:app

# case: a variable with a value
FROM python:3.14-slim-trixie
ARG USER=shop
RUN useradd --no-create-home ${USER}
# finds: the argument is a name
USER ${USER}
