# The site as compose.yaml runs it. Nothing secret goes in: keys and passwords come from the environment.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data STATIC_ROOT=/srv/static
WORKDIR /srv/archive

COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY . .
# The key is only needed to start; the static files do not depend on it.
RUN useradd --system --home-dir /data archive && install -d -o archive -g archive /data \
 && SECRET_KEY=while-building DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0

USER archive
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "archive_site.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "4"]
