FROM a AS b
ENV A=1 \
    B=2
RUN x \
  && y
COPY a b
