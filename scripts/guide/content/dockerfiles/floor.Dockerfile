# Not a way to build: the least time that any build of this service can take.
# An earlier build has made the image "dependencies", which contains everything
# but the code.
FROM dependencies

COPY . .
