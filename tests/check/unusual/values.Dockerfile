from python:3.12
ENV a=b c='d e' f="g\"h" i=j\ k
ENV x=$a y="$a" z='$a'
ENV a=1 b=$a
ENV EMPTY=
ARG Q="quoted value"
ARG R='s t'
RUN --mount=type=bind,target=.,readwrite x
RUN --mount=type=tmpfs,target=/t,size=10m --security=insecure x
RUN x && y <<E1 && z <<-"E2"
one
E1
	two
	E2
RUN cat << EOF
hm
EOF
RUN cat <<< "here string"
VOLUME ["/data"]
STOPSIGNAL SIGTERM
ADD https://example.com/x.tar.gz /x/
ADD --checksum=sha256:abc --keep-git-dir=true https://github.com/a/b.git /x
COPY --link --exclude=*.md --parents a/b ./c /d/
