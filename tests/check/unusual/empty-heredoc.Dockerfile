FROM a
RUN <<EOF
EOF
RUN echo hi
