# Two images: `spokebot serve` (the default target) and, with `--target worker`, `spokebot worker`. A worker needs a Spack of its
# site: mount it and set SPOKEBOT_SPACK. Node 20.19 is enough for the program; the image has the one that is maintained for longest.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json ./
COPY bin bin
COPY scripts scripts
COPY src src
# Built while the development dependencies are there, then pruned.
RUN npm ci && npm prune --omit=dev

FROM node:24-bookworm-slim AS base
# git: workers keep mirrors. tini: signals reach node, and no zombie is left.
RUN apt-get update \
 && apt-get install -y --no-install-recommends git ca-certificates tini \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 SPOKEBOT_DATA=/data
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/package.json package.json
COPY bin bin
COPY hub hub
COPY models models
COPY schema schema
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
ENTRYPOINT ["tini", "--", "node", "bin/spokebot.js"]

# `docker build --target worker`: with what Spack itself needs (Python, a compiler, make, the usual archivers).
FROM base AS worker
USER root
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      python3 build-essential gfortran cmake patch file curl gnupg unzip xz-utils bzip2 zstd \
 && rm -rf /var/lib/apt/lists/*
USER node
CMD ["worker", "--pool", "linux"]

FROM base AS serve
EXPOSE 3000
HEALTHCHECK --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["serve"]
