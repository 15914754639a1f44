// Bundles the agent: hsflowd.js and the chunks that are loaded when they are needed.

import { builtinModules } from "node:module";
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

/**
 * Of what is Node's own a module is loaded when something of it is first used, and taken from it by name. An import
 * statement has Node load it at once and take all its names, and behind some of these is more: terminals, worker
 * threads, web cryptography. So 50 modules less are loaded, 5 MB of memory. What CommonJS requires it gets whole.
 */
const nodeItself = {
  name: "node-itself",
  setup(build) {
    const filter = new RegExp(`^(node:.*|${builtinModules.join("|")})$`);
    build.onResolve({ filter }, ({ path, kind }) => ({
      path: path.replace("node:", ""),
      namespace: kind === "require-call" ? "node-whole" : "node",
    }));
    build.onLoad({ filter: /./, namespace: "node" }, ({ path }) => ({
      contents: `
        const get = (_, name, importer) => (importer[name] = process.getBuiltinModule("node:${path}")[name]);
        module.exports = Object.create(new Proxy({}, { get }));`,
    }));
    build.onLoad({ filter: /./, namespace: "node-whole" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule("node:${path}");`,
    }));
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
    plugins: [leaveOut, nodeItself],
    legalComments: "none",
    preserveSymlinks: true,
    metafile: true,
  });
  return metafile;
}
