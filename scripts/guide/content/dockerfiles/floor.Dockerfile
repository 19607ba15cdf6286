# Do not use this Dockerfile. It only shows the shortest time that a build of
# this service can take. An earlier build has created the image "dependencies",
# which contains everything except the code.
FROM dependencies

COPY . .
