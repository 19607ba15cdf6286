# case: Python without a release of Debian
# finds: the tag moves to the next release of Debian
FROM python:3.14-slim
CMD ["python"]

# case: Alpine without a release
# finds: the tag moves to the next release of Alpine
FROM ghcr.io/astral-sh/uv:0.13.9-python3.14-alpine
CMD ["python"]

# case: the release is in the tag
# fine: trixie is a release
FROM python:3.14-slim-trixie AS build
# fine: Alpine has a number
FROM python:3.14-alpine3.23

# case: a digest
# fine: a digest names one image
FROM python:3.14-slim@sha256:8f3aba466a471c0ab903dbd7cb979abd4bda370b04789d25440cc90372b50e04

# case: uv alone
# fine: the image has no distribution
FROM ghcr.io/astral-sh/uv:0.13.9 AS uv
# fine: the release is a variable
FROM python:${TAG}
COPY --from=uv /uv /bin/
