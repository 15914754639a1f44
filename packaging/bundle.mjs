// Bundles the agent: hsflowd.js, and chunks that are loaded when they are needed.

import { builtinModules } from "node:module";
import { build } from "esbuild";

/**
 * Packages left out of the bundle: dockerode's for images, build sessions and SSH, prom-client's for traces and
 * quantiles. They would be most of its size.
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
 * Loads a module of Node when one of its names is first used. An import statement would load it at once with all its
 * names, and some of them load terminals, worker threads or web cryptography. This saves 50 modules and 5 MB of memory.
 * CommonJS code gets the whole module.
 */
const lazyNodeModules = {
  name: "lazy-node-modules",
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

/**
 * Resolves to esbuild's metafile, which lists the inputs. The output depends on the sources only, not on the folder.
 */
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
    plugins: [leaveOut, lazyNodeModules],
    legalComments: "none",
    preserveSymlinks: true,
    metafile: true,
  });
  return metafile;
}
