// Two ends of a TCP connection that talk, pause, and print what `ss` shows of the socket in the pause. `serve ADDRESS
// PORT` answers with a hundredth of the bytes it gets; `talk ADDRESS PORT TIMES BYTES SILENCE` sends, waits for the
// whole answer and SILENCE ms, and prints {"time", "port", "ss"} each time: its port, and its socket. With a further
// argument, a network namespace, it shows the socket of the other end in there.

import { execFileSync } from "node:child_process";
import { connect, createServer } from "node:net";

const [role, address, port, times, size, silence, otherEnd] = process.argv.slice(2);

function serve() {
  const server = createServer((socket) => {
    let heard = 0;
    socket.on("data", (data) => {
      const before = Math.floor(heard / 100);
      heard += data.length;
      socket.write(Buffer.alloc(Math.floor(heard / 100) - before));
    });
    socket.on("error", () => undefined);
  });
  server.listen(Number(port), address, () => process.stdout.write("listening\n"));
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function look(own) {
  const [source, destination, where] = otherEnd ? [port, own, ["-N", otherEnd]] : [own, port, []];
  const filter = `( sport = :${source} and dport = :${destination} )`;
  return execFileSync("ss", [...where, "-tinHO", filter], { encoding: "utf8" });
}

async function talk() {
  const socket = connect(Number(port), address);
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  let heard = 0;
  socket.on("data", (data) => {
    heard += data.length;
  });
  for (let i = 1; i <= Number(times); i++) {
    socket.write(Buffer.alloc(Number(size)));
    while (heard < (i * Number(size)) / 100) await sleep(5);
    await sleep(Number(silence));
    const time = Date.now() / 1000;
    process.stdout.write(`${JSON.stringify({ time, port: socket.localPort, ss: look(socket.localPort) })}\n`);
  }
  socket.end();
}

if (role === "serve") serve();
else await talk();
