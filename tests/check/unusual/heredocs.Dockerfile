FROM a AS Base
ENV A=1 B="two words" \
    # inside
    C=\"x

ENV OLD value with  spaces
RUN --mount=type=cache,target=/root/.cache/uv \
    # c
    --mount=type=bind,source=uv.lock,target=uv.lock \

    uv sync   --locked \
    && echo "a # b"
RUN <<EOF
set -e
# not comment
echo $A \
  b
EOF
COPY <<-'EOT' <<B /x/
	one
EOT
two
B
COPY ["a b", "c"]
RUN ["uv", "sync"]
RUN cat <<EOF > /x && echo hi
body
EOF
run echo \
# c
  hi
SHELL ["/bin/bash", "-c"]
ARG X Y=2
HEALTHCHECK --interval=5s CMD curl
FROM base
RUN echo "<<EOF" && cat<<x
RUN cat <<EOF> /x
body
EOF>
RUN python - <<"E F" 3<<G
'quoted "text"
E F
G
COPY <<a.txt <<b.txt /
a.txt
b
b.txt
