# One image for every process: the command says which one a container is. Everything that the work needs (ffmpeg, fonts,
# voice, Valkey) comes with the locked packages; of Debian they use libc, libgcc, libstdc++ and zlib, which the slim image has.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/hidden-hill
WORKDIR /src
COPY requirements-production.txt ./
RUN /opt/hidden-hill/bin/pip install --require-hashes -r requirements-production.txt
COPY . ./
RUN /opt/hidden-hill/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/hidden-hill --create-home hidden-hill
COPY --from=build /opt/hidden-hill /opt/hidden-hill
ENV PATH=/opt/hidden-hill/bin:$PATH \
    HIDDEN_HILL_DATA=/var/lib/hidden-hill \
    HIDDEN_HILL_PRODUCTION=1 \
    HIDDEN_HILL_WEB_HOST=0.0.0.0 \
    LOG_FORMAT=json
USER 10001
WORKDIR /var/lib/hidden-hill
EXPOSE 8000
# For `web` and `up`; the other processes listen nowhere, and end by themselves when they can't go on.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/healthz', timeout=4)"]
CMD ["hidden-hill", "up"]
