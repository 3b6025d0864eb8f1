"""Starts Jupyter kernels that do not collide with the kernels of other programs.

The kernel manager of jupyter_client picks five free TCP ports, closes them again, and tells the kernel to open them. Until the
kernel does so, which takes seconds on a busy machine, any other program may take one of these ports. The kernel then ends with
"Address already in use", and the notebook waits for the kernel forever. The kernels here therefore use Unix sockets, not ports.
Each kernel has its sockets in a folder of its own, so no other program can take them.
"""

import os
import tempfile

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient


class OwnSocketsKernelManager(AsyncKernelManager):
    """A kernel manager for nbclient and nbgrader (`kernel_manager_class`) whose kernel uses Unix sockets in its own folder.

    On Windows, where Jupyter cannot use Unix sockets, it behaves like jupyter_client's own manager.
    """

    def __init__(self, **options):
        if os.name == "nt":
            self._folder = None
            super().__init__(**options)
            return
        self._folder = tempfile.TemporaryDirectory(prefix="kernel-", ignore_cleanup_errors=True)
        # The full path is short: the system allows about 100 characters for the name of a socket.
        super().__init__(transport="ipc", connection_file=os.path.join(self._folder.name, "k.json"), **options)

    async def _async_cleanup_resources(self, restart=False):
        await super()._async_cleanup_resources(restart=restart)
        if self._folder and not restart:
            self._folder.cleanup()

    cleanup_resources = _async_cleanup_resources


def notebook_client(notebook, timeout, folder=None):
    """Return an nbclient client. Its `execute()` runs `notebook` (an nbformat notebook) and writes the outputs into it.

    Args:
        timeout: seconds for each cell.
        folder: the working folder of the cells; by default the current one.
    """
    return NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        kernel_manager_class=OwnSocketsKernelManager,
        resources={"metadata": {"path": str(folder)} if folder else {}},
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],
    )
