// Address of an engine's socket, in the form of DOCKER_HOST: unix:///run/docker.sock or tcp://127.0.0.1:2375. A path
// alone is accepted too.

import { readHost } from "../../config/address-option.ts";
import { type About, type Option, option, ValueError } from "../../config/option.ts";

export interface EngineSocket {
  /** Address in the form of the configuration file. */
  readonly shown: string;
  /** Path of a UNIX socket; undefined for a TCP socket. */
  readonly path: string | undefined;
  readonly host: string;
  readonly port: number;
}

const PORT = 2375;

/** Returns undefined if the text has none of these forms. */
export function parseEngineSocket(text: string): EngineSocket | undefined {
  const path = /^(?:unix:\/\/)?(\/.+)$/.exec(text)?.[1];
  if (path !== undefined) return { shown: `unix://${path}`, path, host: "", port: 0 };
  const [, host, port = String(PORT)] =
    /^(?:tcp|http):\/\/(\[[0-9a-fA-F:.]+\]|[^:/[\]]+)(?::(\d{1,5}))?\/?$/.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65535) return undefined;
  return { shown: `tcp://${host}:${port}`, path: undefined, host, port: Number(port) };
}

const SOCKET = "unix:///path or tcp://host:port";

/** Throws a ValueError if the host in `text` is neither an address nor a host name. */
function checkHost(text: string, host: string): void {
  try {
    readHost(host);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError(SOCKET, error.nearest && text.replace(host, error.nearest), error.reason);
  }
}

export const engineSocket = (about: About<EngineSocket>): Option<EngineSocket> =>
  option<EngineSocket, EngineSocket>(
    "address",
    about,
    (text) => {
      const socket = parseEngineSocket(text);
      if (socket === undefined) throw new ValueError(SOCKET);
      if (socket.path === undefined) checkHost(text, socket.host.replace(/^\[(.*)\]$/, "$1"));
      return socket;
    },
    ({ shown }) => shown,
  );
