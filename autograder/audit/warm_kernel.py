"""Makes Jupyter kernels that start at once: they are forked from a warm process, which has already imported torch and transformers.

The audit grades dozens of notebooks with plain nbgrader, and in a new kernel the imports take longer than all checks of a
notebook. The kernels are those of ipykernel. `warm_kernels` writes a kernelspec, which tells Jupyter to start the program `CLIENT`.
This program asks the warm process to fork a kernel, passes signals on to the kernel, and ends when the kernel ends.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

NAME = "warm"
CLIENT = """
import json, os, signal, socket, sys
sock = socket.socket(socket.AF_UNIX)
sock.connect(sys.argv[1])
sock.sendall(json.dumps([sys.argv[2], os.getcwd(), dict(os.environ)]).encode() + b"\\n")
pid = int(sock.recv(20))
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, frame: os.kill(pid, number))
while sock.recv(20):
    pass
"""


@contextlib.contextmanager
def warm_kernels(folder):
    """Context manager that starts the warm process, writes a kernelspec into `folder`, and ends the process after the block.

    Its value (`with ... as path`) is the path that must be on JUPYTER_PATH for Jupyter to find the kernelspec.
    """
    address, spec = str(Path(folder, "socket")), Path(folder, "kernels", NAME)
    spec.mkdir(parents=True)
    argv = [sys.executable, "-I", "-S", "-c", CLIENT, address, "{connection_file}"]
    content = {"argv": argv, "display_name": NAME, "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(content), encoding="utf-8")
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen()
    command = [sys.executable, "-m", "autograder.audit.warm_kernel", str(server.fileno())]
    process = subprocess.Popen(command, pass_fds=[server.fileno()])
    server.close()
    try:
        yield str(folder)
    finally:
        process.terminate()
        process.wait()


def serve(server):
    """Fork a kernel for each connection to the socket `server`. A connection stays open until its kernel ends."""
    from ipykernel.kernelapp import IPKernelApp

    from autograder.sandbox.zygote import warm_up

    warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        connection, _ = server.accept()
        connection_file, folder, environment = json.loads(connection.makefile().readline())
        if os.fork() == 0:
            server.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            connection.sendall(str(os.getpid()).encode())
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)
            sys.path.insert(0, "")
            silent = os.open(os.devnull, os.O_WRONLY)  # hides the kernel's start message; the output of cells uses other channels
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            IPKernelApp.launch_instance(argv=["-f", connection_file, "--log-level=ERROR"])
            os._exit(0)
        connection.close()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
