# case: pyproject.toml
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
# finds: uv.lock is copied for nothing
RUN uv pip install --system -r pyproject.toml

# case: the project
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
# finds: uv.lock is copied for nothing
RUN uv pip install --system --no-cache .

# case: a project without a lockfile
FROM python:3.14-slim-trixie
COPY pyproject.toml ./
# fine: there is no uv.lock
RUN uv pip install --system .

# case: an exported file
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
RUN uv export --locked -o requirements.txt
RUN uv pip install --system -r requirements.txt
# fine: the packages are installed
RUN uv pip install --system .

# case: an extra of the project
FROM python:3.14-slim-trixie
COPY . .
COPY uv.lock ./
# finds: the extra is resolved anew
RUN uv pip install -e .[prod]

# case: a requirements file
FROM python:3.14-slim-trixie
COPY requirements.txt uv.lock ./
# fine: the file has the versions
RUN uv pip install --system -r requirements.txt
# fine: the packages are there
RUN uv pip install --system --no-deps .

# case: the folder has a lockfile
# files: start-script
FROM python:3.14-slim-trixie
COPY pyproject.toml ./
# finds: uv.lock stays in the folder
RUN uv pip install --system -r pyproject.toml

# case: uv pip compile
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock* ./
# finds: the versions are new ones
RUN uv pip compile pyproject.toml -o requirements.txt
RUN uv pip install --system -r requirements.txt
