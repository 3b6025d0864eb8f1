"""The generated first cell of every notebook works in Colab and elsewhere. Here a local server stands in for GitHub."""

import functools
import http.server
import importlib.metadata
import os
import re
import subprocess
import sys
import threading
import types
import urllib.error
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

import dpr_course
from autograder.authoring.build import reference_notebook, repository
from autograder.authoring.handout import student_readme
from autograder.places import ROOT
from autograder.stages.source import previous_source, read_stage, stage_names
from dpr_course import start

STAGES = stage_names()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A local server in place of GitHub, with two tags of the repository: (its address, a list of (path, status) of requests)."""
    folder, asked = tmp_path_factory.mktemp("served"), []
    (folder / "course").mkdir()
    for tag in (start.version_tag(), "v9.9.9"):
        (folder / "course" / tag).symlink_to(ROOT, target_is_directory=True)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_request(self, code="-", size="-"):
            asked.append((self.path, int(code)))

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/course", asked
    server.shutdown()


@pytest.fixture
def kernel(monkeypatch, tmp_path):
    """A working folder as in a new kernel: empty, and not on the import path. A cell's changes are undone after the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p])
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.delitem(sys.modules, "previous", raising=False)
    return tmp_path


@pytest.fixture
def colab(kernel, monkeypatch):
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    return kernel


def first_cell(stage, address=None):
    """Return the generated set-up cell as plain Python. address: replaces the address of the repository."""
    cell = next(c for c in reference_notebook(read_stage(stage)).cells if c.cell_type == "code")
    assert cell.source.startswith("# Set-up")
    return TransformerManager().transform_cell(cell.source.replace(repository(), address or repository()))


def run(code, **names):
    exec(compile(code, "first cell", "exec"), {"__name__": "__main__", **names})


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("version", [dpr_course.__version__, "9.9.9"])
def test_in_colab_every_stage_begins_with_one_line_and_gets_the_file_of_its_own_release(
    stage, version, colab, served, capsys, monkeypatch
):
    address, asked = served
    asked.clear()
    with monkeypatch.context() as building:
        building.setattr(dpr_course, "__version__", version)
        cell = first_cell(stage, address)
    run(cell)
    out, err = capsys.readouterr()
    assert out.startswith("✓ dpr-course") and out.count("\n") == 1 and err == ""
    needed = [f"/course/v{version}/notebooks/{stage}/previous.py"] if previous_source(stage) else []
    assert asked == [(path, 200) for path in needed], "what was fetched must be there, and nothing else is asked for"
    assert [p.name for p in colab.iterdir()] == (["previous.py"] if needed else [])
    if needed:
        assert (colab / "previous.py").read_text(encoding="utf-8") == previous_source(stage)


@pytest.mark.parametrize("stage", STAGES)
def test_elsewhere_no_stage_warns_in_its_own_folder_and_only_those_that_need_it_without(stage, kernel, monkeypatch, capsys):
    run(first_cell(stage))
    alone = capsys.readouterr().out
    assert alone.count("\n") == (2 if previous_source(stage) else 1)
    assert ("previous.py, which belongs beside this notebook, is not in" in alone) == bool(previous_source(stage))
    monkeypatch.chdir(ROOT / "notebooks" / stage)
    run(first_cell(stage))
    assert capsys.readouterr().out.count("\n") == 1


def test_a_notebook_that_runs_in_the_courses_root_finds_its_previous(kernel, monkeypatch, capsys):
    """previous.py is found if the notebook runs in the course's root, as VS Code can be set to do for all notebooks."""
    monkeypatch.chdir(ROOT)
    run(first_cell("03_recall_at_k"))
    assert capsys.readouterr().out.count("\n") == 1
    import previous

    assert Path(previous.__file__).parent == ROOT / "notebooks" / "03_recall_at_k"
    monkeypatch.delitem(sys.modules, "previous")


def test_nothing_that_students_get_names_a_branch(monkeypatch):
    """The installation, the call of `start` and the links to Colab and the next stage name the version's tag, and never a branch."""
    monkeypatch.setattr(dpr_course, "__version__", "9.9.9")
    for stage in STAGES:
        text = "\n".join(c.source for c in reference_notebook(read_stage(stage)).cells)
        assert f"git+{repository()}@v9.9.9" in text and 'tag="v9.9.9")' in text
        address = repository().removeprefix("https://github.com/")
        assert set(re.findall(rf"github/{address}/blob/([^/]+)/", text)) == {"v9.9.9"}
        assert text.count("v9.9.9") == 4 - (stage == STAGES[-1]), "and nothing else is stamped"
    links = student_readme(STAGES, False).count("/blob/v9.9.9/notebooks/")
    assert links == len(STAGES)


def test_a_notebook_of_version_0_1_still_begins(colab, served):
    """A notebook of version 0.1, which passes no tag to `start`, gets previous.py from the tag of the installed version."""
    address, asked = served
    asked.clear()
    start.start("03_recall_at_k", repository=address)
    assert asked == [(f"/course/{start.version_tag()}/notebooks/03_recall_at_k/previous.py", 200)]


@pytest.mark.parametrize("error", [urllib.error.HTTPError("u", 404, "Not Found", None, None), urllib.error.URLError("no network")])
def test_what_cannot_be_fetched_is_told_in_a_sentence_and_leaves_nothing(error, colab, monkeypatch, capsys):
    def broken(address, path):
        Path(path).write_text("half of i")
        raise error

    monkeypatch.setattr("urllib.request.urlretrieve", broken)
    start.start("04_in_batch_loss", repository="https://github.com/a/b")
    out = capsys.readouterr().out
    told = out.splitlines()[1]
    assert f"https://raw.githubusercontent.com/a/b/{start.version_tag()}/notebooks/04_in_batch_loss/previous.py" in told
    assert "upload the file" in told and "Traceback" not in out
    assert list(colab.iterdir()) == []


def test_without_the_package_the_cell_installs_it_and_nothing_that_it_needs(kernel, monkeypatch):
    monkeypatch.setitem(sys.modules, "dpr_course", None)  # as if it were not installed
    asked = []

    class Shell:
        def run_line_magic(self, name, line):
            asked.append((name, line))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(first_cell("00_start_here"), get_ipython=Shell)
    assert asked == [("pip", f'install -q --no-deps "dpr-course @ git+{repository()}@{start.version_tag()}"')]


def test_colab_gets_what_it_lacks_and_keeps_what_it_has(colab, monkeypatch):
    ran = []

    def pip(command, check):
        held = Path(command[command.index("-c") + 1]).read_text(encoding="utf-8").split()
        ran.append((command[-1], held))

    monkeypatch.setattr(subprocess, "run", pip)
    start.install_missing()
    assert ran == [], "nothing lacks here"
    monkeypatch.setattr(start, "missing", lambda: ["bm25s>=0.2.5"])
    start.install_missing()
    assert ran == [("bm25s>=0.2.5", [f"{n}=={importlib.metadata.version(n)}" for n in ("torch", "transformers", "numpy")])]


def test_the_environments_commands_are_found_from_a_cell(kernel, monkeypatch):
    import os
    import sysconfig

    start.enter_environment()
    start.enter_environment()
    assert os.environ["PATH"] == f"{sysconfig.get_path('scripts')}{os.pathsep}/usr/bin"


def notebook(cells, path=""):
    """Run cells in a separate IPython process, with `path` first on the import path. Returns everything that they print."""
    code = f"from IPython.core.interactiveshell import InteractiveShell as S\ns = S.instance(colors='nocolor')\nfor c in {cells!r}: s.run_cell(c)\n"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(path), str(ROOT)]))}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, cwd=ROOT / "notebooks" / STAGES[4])
    return done.stdout + done.stderr


def test_the_first_cell_imports_no_large_library():
    seen = notebook(
        [first_cell(STAGES[4]), "import sys; print([n for n in ('torch', 'transformers', 'numpy') if n in sys.modules])"]
    )
    assert seen.strip().endswith("[]") and seen.startswith("✓")


def test_a_library_that_cannot_be_imported_is_named_where_a_cell_needs_it(tmp_path):
    (tmp_path / "torch.py").write_text("raise ImportError('libtorch_cpu.so: cannot open shared object file')\n", encoding="utf-8")
    seen = notebook([first_cell(STAGES[4]), "import torch"], tmp_path)
    assert "is installed but cannot be imported" in seen and "Reinstall it" in seen and "Traceback" not in seen
    seen = notebook([first_cell(STAGES[4]), "open('no such file')", "import no_such_module"])  # other errors look as usual
    assert "FileNotFoundError" in seen and "No module named 'no_such_module'" in seen and "Traceback" in seen and "✗" not in seen
