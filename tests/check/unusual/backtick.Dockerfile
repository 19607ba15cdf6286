# escape=`
FROM mcr AS win
ENV P="C:\x" Q=a`"b
RUN dir `
  c:\
COPY a b
