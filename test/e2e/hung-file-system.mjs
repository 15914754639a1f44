// A file system on a disk whose server never answers: mounts BLOCK-DEVICE at FOLDER by FUSE, answers FUSE_INIT, and
// reads every other request in silence. Prints the type of each request. Ends at SIGTERM. See fuse(4).

import { spawnSync } from "node:child_process";
import { openSync, read, writeSync } from "node:fs";

const INIT = 26;
const [device, folder] = process.argv.slice(2);
const fuse = openSync("/dev/fuse", "r+");
const options = "fd=3,rootmode=40755,user_id=0,group_id=0,allow_other";
const mount = ["-i", "-t", "fuseblk", "-o", options, device, folder];
const { status } = spawnSync("mount", mount, { stdio: ["ignore", "inherit", "inherit", fuse] });
if (status !== 0) process.exit(1);

/** struct fuse_out_header and struct fuse_init_out: version 7.31 of the protocol, writes of 4096 bytes. */
function initialized(unique) {
  const answer = new DataView(new ArrayBuffer(16 + 64));
  answer.setUint32(0, answer.byteLength, true);
  answer.setBigUint64(8, unique, true);
  answer.setUint32(16, 7, true);
  answer.setUint32(20, 31, true);
  answer.setUint32(36, 4096, true);
  return answer;
}

function serve() {
  read(fuse, Buffer.alloc(1 << 17), (error, _length, request) => {
    if (error) process.exit(0);
    const type = request.readUInt32LE(4);
    if (type === INIT) writeSync(fuse, initialized(request.readBigUInt64LE(8)));
    process.stdout.write(`request ${type}\n`);
    serve();
  });
}

process.on("SIGTERM", () => process.kill(process.pid, "SIGKILL"));
serve();
