# The tracker in a container: docs/operations/install.md says how it is run.
FROM python:3.12-slim-trixie AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /opt/tracker && /opt/tracker/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM python:3.12-slim-trixie
# pg_dump for backups; of at least the version of the server in compose.yaml.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin tracker
RUN install -d -o tracker -g tracker -m 700 /data /backups
COPY --from=packages /opt/tracker /opt/tracker
COPY . /srv/tracker
WORKDIR /srv/tracker
ENV PATH=/opt/tracker/bin:$PATH DATA_DIR=/data PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m compileall -q measures ipr_tracker
USER tracker
VOLUME ["/data", "/backups"]
EXPOSE 8000
# Asked from within, so under a name that is always served and as if it came over https.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'X-Forwarded-Proto': 'https'}), timeout=4)"]
# Static files are collected at the start: they lie in /data, which may be another one each time.
CMD ["sh", "-c", "python manage.py collectstatic --noinput --verbosity 0 && exec python manage.py serve --bind 0.0.0.0:8000 -- --worker-tmp-dir /dev/shm"]
