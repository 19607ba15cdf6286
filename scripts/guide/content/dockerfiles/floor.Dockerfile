# Not a way to build: the least that any build of this service can take. The
# packages are there already, in an image that Pattern A has made.
FROM dependencies

COPY . .
