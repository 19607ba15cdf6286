# case: the folder has no .dockerignore
# files: no-dockerignore
FROM python:3.14-slim-trixie
# finds: .env and .git come along
COPY . .

# case: .dockerignore names them
# files: start-script
FROM python:3.14-slim-trixie
# fine: both stay out
COPY . .

# case: named files
# files: no-dockerignore
FROM python:3.14-slim-trixie
# fine: only what is named
COPY shop shop
