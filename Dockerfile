# fp-mock as a static binary in an image that holds nothing else but certificates.
#
#     docker build -t fp-mock . && docker run --rm -p 4010:4010 fp-mock
#
# Not built where it was written: there was no container runtime.
FROM rust:1.95-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends musl-tools ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && rustup target add "$(uname -m)-unknown-linux-musl"
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p fp-mock --target "$(uname -m)-unknown-linux-musl" \
 && cp "target/$(uname -m)-unknown-linux-musl/release/fp-mock" /fp-mock

FROM scratch
# Webhooks may go to https receivers.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /fp-mock /fp-mock
# A container is reached from outside.
ENV FP_MOCK_HOST=0.0.0.0
EXPOSE 4010
USER 65534
HEALTHCHECK --interval=2s --timeout=3s --retries=15 CMD ["/fp-mock", "ready"]
ENTRYPOINT ["/fp-mock"]
