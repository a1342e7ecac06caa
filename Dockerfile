# The two commands of README in a container:
#   docker build -t four-islands .
#   docker run --rm four-islands                                         make run
#   docker run --rm four-islands make test                               the checks
#   docker run --rm -v "$PWD/outputs:/four-islands/outputs" four-islands islands run scenario=…
FROM python:3.12-slim-bookworm

# Chromium: without it the tests of the page skip, and say so. Versions are those of the Debian release.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends chromium git make \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 islands \
    && install --directory --owner islands --group islands /four-islands /four-islands/outputs

WORKDIR /four-islands
USER 1000
ENV PATH="/four-islands/.venv/bin:$PATH"

COPY --chown=islands:islands . .
RUN make .venv/.installed-dev

CMD ["make", "run"]
