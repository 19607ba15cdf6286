# case: a backslash above an empty line
FROM python:3.14-slim-trixie
RUN python --version \
    && id \

# finds: the step above continues here
WORKDIR /app

# case: a step on several lines
FROM python:3.14-slim-trixie
RUN python --version \
    # fine: the text of an instruction in a command
    && echo COPY is next
WORKDIR /app
