// Bundles the agent: hsflowd.js, and chunks that are loaded when they are needed.

import { readFileSync } from "node:fs";
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

const MAIN = "agent/main.ts";
const DAEMON = "agent/process/serve.ts";
const HOST = "agent/host/linux.ts";
/** The blocks that almost every configuration has, or implies. */
const BLOCKS = ["host", "interfaces", "collector", "pcap"].map((name) => `agent/modules/${name}/index.ts`);

/** Lists the files that are loaded together with the given ones. */
function loadedWith(inputs, ...files) {
  const found = new Set(files);
  for (const file of found)
    for (const { path, kind } of inputs[file].imports)
      if (kind === "import-statement" && path in inputs && path.startsWith("agent/")) found.add(path);
  return [...found].sort();
}

/** Lists the files of ours that an import expression loads: blocks, commands, and what these load late. */
const loadedLate = ({ outputs }) =>
  Object.values(outputs)
    .map(({ entryPoint }) => entryPoint)
    .filter((file) => file?.startsWith("agent/") && file !== MAIN);

/**
 * Puts all that the daemon always loads into one chunk. esbuild makes a chunk of the files that the same entry points
 * use, so each block and command would break the common code into smaller ones, and each chunk takes a millisecond to
 * load. So each of them loads the whole core.
 */
const oneCore = (core, late) => ({
  name: "one-core",
  setup(build) {
    build.onResolve({ filter: /^core:$/ }, () => ({ path: "core", namespace: "core" }));
    build.onLoad({ filter: /./, namespace: "core" }, () => ({
      contents: core.map((file) => `import "./${file}";`).join("\n"),
      resolveDir: process.cwd(),
    }));
    const filter = new RegExp(`/(${late.join("|").replaceAll(".", "\\.")})$`);
    build.onLoad({ filter }, ({ path }) => ({
      contents: `${readFileSync(path, "utf8")}\nimport "core:";`,
      loader: "ts",
    }));
  },
});

/**
 * Resolves to esbuild's metafile, which lists the inputs. The output depends on the sources only, not on the folder.
 */
export async function bundle(outdir) {
  const options = {
    entryPoints: { hsflowd: MAIN },
    outdir,
    chunkNames: "chunk-[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["cap"],
    legalComments: "none",
    preserveSymlinks: true,
    metafile: true,
  };
  const plugins = [leaveOut, lazyNodeModules];
  const { metafile: plan } = await build({ ...options, plugins, write: false });
  const core = loadedWith(plan.inputs, DAEMON, HOST, ...BLOCKS).filter((file) => file !== DAEMON);
  const { metafile } = await build({ ...options, plugins: [...plugins, oneCore(core, loadedLate(plan))] });
  return metafile;
}
