# Types words and a tab into an interactive zsh, and prints what its terminal shows. Arguments: folder with _hsflowd,
# words. See pty(7).

import os
import pty
import select
import sys
import time

folder, typed = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvpe("zsh", ["zsh", "-f", "-i"], {**os.environ, "TERM": "dumb", "COLUMNS": "200"})

shown = ""


def read_until(mark, seconds):
    global shown
    end = time.time() + seconds
    while time.time() < end and mark not in shown:
        if select.select([terminal], [], [], 0.1)[0]:
            shown += os.read(terminal, 65536).decode(errors="replace")


setup = f"PS1=; fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -D; setopt no_beep; print REA''DY\n"
os.write(terminal, setup.encode())
read_until("READY", 20)
shown = ""
# The line ends with a word that only the shell completes: what comes before it is done.
os.write(terminal, f"{typed}\t".encode())
read_until("\0", 1.5)
os.write(terminal, b"\x03exit\n")
print(shown.replace("\r", ""))
