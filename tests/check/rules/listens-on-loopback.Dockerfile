# case: no address
# files: no-groups
FROM python:3.14-slim-trixie
# finds: 127.0.0.1 is in the container
CMD ["gunicorn", "shop.wsgi"]

# case: an address
# files: no-groups
FROM python:3.14-slim-trixie
# fine: every interface
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]

# case: gunicorn reads PORT
# files: no-groups
FROM python:3.14-slim-trixie
ENV PORT=8000
# fine: gunicorn listens on every interface then
CMD ["gunicorn", "shop.wsgi"]

# case: the files are unknown
FROM python:3.14-slim-trixie
# fine: gunicorn.conf.py can have an address
CMD ["gunicorn", "shop.wsgi"]

# case: uvicorn
# files: no-groups
FROM python:3.14-slim-trixie
# finds: a port is not an address
CMD ["uvicorn", "shop.asgi:application", "--port", "8000"]

# case: runserver
FROM python:3.14-slim-trixie
# finds: 127.0.0.1:8000
CMD ["python", "manage.py", "runserver"]

# case: runserver with an address
FROM python:3.14-slim-trixie
# fine: every interface
CMD ["python", "manage.py", "runserver", "--noreload", "0.0.0.0:8000"]

# case: a variable
# files: no-groups
FROM python:3.14-slim-trixie
# fine: the variable can have an address
CMD ["sh", "-c", "exec gunicorn shop.wsgi $OPTIONS"]

# case: arguments of a script
# files: arguments-server
FROM python:3.14-slim-trixie
# fine: the script has the line, and no CMD names arguments
ENTRYPOINT ["./start.sh"]

# case: a branch of a script
# files: branches-server
FROM python:3.14-slim-trixie
# fine: which branch runs is unknown
ENTRYPOINT ["./start.sh"]
