// Bundles the agent: hsflowd.js and the chunks that are loaded when they are needed.

import { build } from "esbuild";

/**
 * What dockerode does besides asking an engine: images, build sessions, SSH; and prom-client besides counting: traces
 * and quantiles. All of it is most of their weight.
 */
const UNUSED = /^(ssh2|protobufjs|@grpc\/.*|@balena\/dockerignore|tar-fs|@opentelemetry\/api|tdigest)$/;
const leaveOut = {
  name: "leave-out",
  setup(build) {
    build.onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: "left-out" }));
    build.onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** Resolves to esbuild's metafile, which says what went in. The bytes depend on the sources only, not on the folder. */
export async function bundle(outdir) {
  const { metafile } = await build({
    entryPoints: { hsflowd: "agent/main.ts" },
    outdir,
    chunkNames: "chunk-[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["cap"],
    plugins: [leaveOut],
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module";const require = makeRequire(import.meta.url);',
    },
    legalComments: "none",
    preserveSymlinks: true,
    metafile: true,
  });
  return metafile;
}
