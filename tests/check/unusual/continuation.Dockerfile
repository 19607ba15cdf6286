FROM a
RUN echo "a \
   b" && \
   echo 'x'   
EXPOSE 80
CMD echo a b
ENTRYPOINT ["a","b"]
