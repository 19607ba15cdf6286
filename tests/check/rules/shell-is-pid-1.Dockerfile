# case: shell form
FROM python:3.14-slim-trixie
# finds: sh is PID 1
CMD gunicorn shop.wsgi --bind 0.0.0.0:8000

# case: shell form with exec
FROM python:3.14-slim-trixie
# fine: exec replaces the shell
CMD exec gunicorn shop.wsgi --bind 0.0.0.0:$PORT

# case: a variable
FROM python:3.14-slim-trixie
# finds: sh is PID 1
CMD gunicorn shop.wsgi --bind 0.0.0.0:$PORT

# case: exec form
FROM python:3.14-slim-trixie
# fine: no shell
CMD ["gunicorn", "shop.wsgi"]

# case: a shell in exec form
FROM python:3.14-slim-trixie
# finds: sh is PID 1
CMD ["sh", "-c", "python manage.py migrate && gunicorn shop.wsgi"]

# case: bash replaces itself by a single command
FROM python:3.14-slim-trixie
# fine: bash executes its last command
CMD ["bash", "-c", "gunicorn shop.wsgi"]

# case: dumb-init signals the shell and the server
FROM python:3.14-slim-trixie
ENTRYPOINT ["dumb-init", "--"]
# fine: the server gets SIGTERM
CMD gunicorn shop.wsgi

# case: a start script
# files: start-script
FROM python:3.14-slim-trixie
# fine: the script has the line
ENTRYPOINT ["/app/entrypoint.sh"]

# case: a start script with exec
# files: exec-script
FROM python:3.14-slim-trixie
# fine: the script ends with exec
CMD ["sh", "start.sh"]

# case: a command that ends
FROM python:3.14-slim-trixie
# fine: this is not a server
CMD python manage.py check

# case: an ENTRYPOINT in shell form
FROM python:3.14-slim-trixie
# finds: a shell starts the script
ENTRYPOINT ./entrypoint.sh $0 $@
CMD ["gunicorn", "shop.wsgi"]

# case: branches of a start script
# files: branches-script
FROM python:3.14-slim-trixie
# fine: no such command runs each time
ENTRYPOINT ["/app/entrypoint.sh"]

# case: Alpine
FROM python:3.14-alpine
# fine: this shell executes a single command
CMD gunicorn shop.wsgi

# case: another shell
FROM python:3.14-slim-trixie
SHELL ["/bin/bash", "-c"]
# fine: bash executes its last command
CMD gunicorn shop.wsgi

# case: on several lines
FROM python:3.14-slim-trixie
# finds: sh is PID 1
CMD gunicorn shop.wsgi \
    --bind 0.0.0.0:8000

# case: two commands that go on after a failure
FROM python:3.14-slim-trixie
# finds: sh is PID 1
CMD python manage.py migrate; gunicorn shop.wsgi

# case: a variable before the server
FROM python:3.14-slim-trixie
# finds: sh is PID 1
CMD DJANGO_SETTINGS_MODULE=shop.settings gunicorn shop.wsgi

# case: tini signals the shell alone
FROM python:3.14-slim-trixie
ENTRYPOINT ["tini", "--"]
# finds: sh does not forward the signal of tini
CMD gunicorn shop.wsgi

# case: Poetry
FROM python:3.14-slim-trixie
# finds: sh is PID 1
CMD poetry run gunicorn shop.wsgi

# case: a module
FROM python:3.14-slim-trixie
# finds: sh is PID 1
CMD python -m uvicorn shop.asgi:application

# case: a program that reads a script
FROM python:3.14-slim-trixie
# fine: this shell starts no server
CMD bash -c "python manage.py check && gunicorn --version" && echo done

# case: a service
# files: compose-starts-pid
FROM python:3.14-slim-trixie
# fine: compose.yaml starts other commands
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]

# case: a program that starts others
FROM python:3.14-slim-trixie
# finds: sh is PID 1
CMD python manage.py check && hivemind Procfile

# case: a case with alternatives
# files: alternatives-script
FROM python:3.14-slim-trixie
# fine: the script ends with exec
ENTRYPOINT ["/entrypoint.sh"]
CMD ["gunicorn", "shop.wsgi"]
