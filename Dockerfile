# The app, one process: `docker build -t inkling . && docker run -p 8501:8501 -v inkling:/data inkling`.
# Several behind one door, with PostgreSQL: deploy/compose.yaml.
FROM python:3.13-slim AS packages
COPY requirements.txt requirements-accounts.txt requirements-postgresql.txt constraints.txt /
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        -r /requirements.txt -r /requirements-accounts.txt -r /requirements-postgresql.txt -c /constraints.txt

FROM python:3.13-slim
RUN useradd --uid 1000 --create-home --home-dir /data inkling
COPY --from=packages /venv /venv
WORKDIR /app
COPY .streamlit/config.toml .streamlit/config.toml
COPY app.py asgi.py ./
COPY assets assets
COPY model model
COPY pages pages
COPY ui ui
# Written to are /data, the runs and drawings, and /tmp: the rest may be read-only.
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    MPLCONFIGDIR=/tmp/matplotlib \
    KERAS_HOME=/data/keras \
    MALLOC_ARENA_MAX=2 \
    INKLING_HOME=/data \
    INKLING_LOGS=json \
    INKLING_PRELOAD=on
USER 1000
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=60s --interval=10s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/ready')"]
CMD ["python", "-P", "-m", "ui", "--server.address", "0.0.0.0", "--server.port", "8501", "--server.headless", "true"]
