# case: a file
# files: compose-sqlite
FROM python:3.14-slim-trixie
CMD ["gunicorn", "shop.wsgi"]

# case: folders
# files: media-mount
FROM python:3.14-slim-trixie
# fine: no file is mounted
CMD ["gunicorn", "shop.wsgi"]
