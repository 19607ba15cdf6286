ARG V=3.14
ARG U=${V}-slim
FROM --platform=$BUILDPLATFORM python:${U} AS one
ARG V
ARG W=${V:-none}
ENV PATH="/app/bin:$PATH" LIST="${V%.*} ${V#*.} ${V/./-}"
WORKDIR /srv
WORKDIR app/../x
USER $V
LABEL a=b "c d"=e
FROM one as two
COPY --from=0 a b
COPY --from=one --chmod=755 ["a", "b c", "./"]
COPY --from=nginx:latest /etc/nginx /n
RUN --mount=from=one,source=/x,dst=/y --mount=type=secret,id=a,env=TOKEN,required --network=none echo ${V} '$V'
RUN --mount="type=bind,src=a b,target=/c" true
