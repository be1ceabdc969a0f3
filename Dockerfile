# One image for crawl workers, reading room, backup, Dask scheduler and Dask workers: docker build -t knipsel .
FROM python:3.11-slim

WORKDIR /srv/knipsel
COPY . .
RUN pip install --no-cache-dir --constraint constraints.txt '.[postgres,parquet,store,cluster,wacz,duplicates,browse]' \
    && rm -rf crawler pipelines storage \
    && useradd --uid 10001 --create-home knipsel \
    && install --directory --owner knipsel /srv/knipsel/archive /srv/knipsel/backup

USER knipsel
# WARC files that are being written, the key of the pseudonyms, receipts: a volume that outlives the container.
VOLUME /srv/knipsel/archive
ENTRYPOINT ["knipsel"]
CMD ["crawl"]
