"""`python start.py` runs the right commands on each system. The systems are simulated: real installations are tested by hand."""

import runpy
import subprocess
import sys
import types
from pathlib import Path

import pytest

import start
from autograder.places import ROOT


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A copy of the repository's root on a simulated machine.

    `become(system, gpu, root)` changes the machine, `ran` lists the commands that were run, and `failing(command)` says whether
    a command fails.
    """
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "autograder").mkdir()
    monkeypatch.setattr(start, "HERE", tmp_path)
    monkeypatch.setattr(start, "PINS", tmp_path / "constraints.txt")
    state = types.SimpleNamespace(folder=tmp_path, ran=[], failing=lambda command: False)

    def call(command, **options):
        command = [str(c) for c in command]
        state.ran.append(command)
        if command[1:3] == ["-m", "venv"] and not state.failing(command):
            python = start.environment_python(command[3])
            python.parent.mkdir(parents=True)
            python.touch()
        return int(state.failing(command))

    monkeypatch.setattr(subprocess, "call", call)

    def become(system, gpu=False, root=False):
        monkeypatch.setattr(sys, "platform", system)
        monkeypatch.setattr(start.shutil, "which", lambda name: "/usr/bin/nvidia-smi" if gpu else None)
        monkeypatch.setattr(start.platform, "machine", lambda: "arm64")
        if system == "win32":
            monkeypatch.setattr(start, "environment_python", lambda venv: Path(venv) / "Scripts" / "python.exe")
            monkeypatch.delattr(start.os, "geteuid")
        else:
            monkeypatch.setattr(start.os, "geteuid", lambda: 0 if root else 1000)

    become("linux")
    state.become = become
    return state


def installed(machine):
    """Return the arguments of each `pip install` command that was run."""
    return [c[5:] for c in machine.ran if c[1:4] == ["-m", "pip", "install"]]


@pytest.mark.parametrize(
    "system, gpu, small", [("linux", False, True), ("linux", True, False), ("darwin", False, False), ("win32", False, False)]
)
def test_torch_comes_first_and_without_cuda_where_it_is_of_no_use(system, gpu, small, machine):
    machine.become(system, gpu)
    assert start.main([]) == 0
    torch, course = installed(machine)
    assert torch[-1] == "torch" and ("https://download.pytorch.org/whl/cpu" in torch) == small
    assert course[-2:] == ["-e", f"{machine.folder}[demo]"] and "--extra-index-url" not in course
    assert all(c[:2] == ["-c", str(machine.folder / "constraints.txt")] for c in (torch, course))
    assert machine.ran[-1][1:] == ["-m", "jupyterlab", str(machine.folder / "notebooks")]


def test_it_installs_once_and_again_after_a_change_or_a_move(machine):
    start.main(["install"])
    first = len(machine.ran)
    start.main([])
    assert len(machine.ran) == first + 1, "the second time it only opens the notebooks"
    (machine.folder / ".venv" / ".ready-demo").write_text("/where/it/was")
    start.main(["install"])
    assert len(installed(machine)) == 4
    import os

    os.utime(machine.folder / "pyproject.toml", (2e9, 2e9))
    start.main(["install"])
    assert len(installed(machine)) == 6
    assert sum(c[1:3] == ["-m", "venv"] for c in machine.ran) == 1


def test_where_the_tested_versions_cannot_be_had_the_newest_are_taken(machine, capsys):
    machine.failing = lambda command: "-c" in command
    start.main(["install"])
    assert ["-c" in c for c in installed(machine)] == [True, False, False]
    assert "trying the newest" in capsys.readouterr().out
    machine.failing = lambda command: "pip" in command
    with pytest.raises(SystemExit, match="could not be installed"):
        start.main(["install", "dev"])
    machine.failing = lambda command: "venv" in command
    with pytest.raises(SystemExit, match="python3-venv"):
        start.main(["--venv", str(machine.folder / "other"), "install"])
    assert not list(machine.folder.rglob(".ready-dev"))


def test_versions_that_were_asked_for_are_not_given_up(machine):
    machine.failing = lambda command: "-c" in command
    with pytest.raises(SystemExit, match="could not be installed"):
        start.main(["install", "dev", "--pins", "old.txt"])
    assert len(installed(machine)) == 1


def test_both_main_commands_and_their_arguments(machine):
    assert start.main(["test", "tests/core/test_data.py", "-x"]) == 0
    assert machine.ran[-1][1:] == ["-m", "pytest", "tests/core/test_data.py", "-x"]
    assert start.main(["course", "--stages", "04"]) == 0
    assert machine.ran[-1][1:] == ["-m", "autograder", "course", "--stages", "04"]
    assert {c[-1] for c in installed(machine)} == {"torch", f"{machine.folder}[dev]"}
    machine.become("linux", root=True)
    start.main(["--no-browser"])
    assert machine.ran[-1][3:] == [str(machine.folder / "notebooks"), "--allow-root", "--no-browser"]
    (machine.folder / "autograder").rmdir()
    with pytest.raises(SystemExit, match="whole repository"):
        start.main(["test"])


def test_what_cannot_work_is_told_first(machine, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(start.platform, "machine", lambda: "x86_64")
    with pytest.raises(SystemExit, match="Colab"):
        start.main([])
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match="3.11 or later is needed"):
        start.main([])
    assert machine.ran == []


def test_it_needs_no_package_and_prints_plain_letters():
    text = (ROOT / "start.py").read_text(encoding="utf-8")
    assert text.isascii()
    done = subprocess.run([sys.executable, "-I", "-S", ROOT / "start.py", "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "python start.py test" in done.stdout
    assert "main" in runpy.run_path(str(ROOT / "start.py"))


def test_makefile_and_readme_say_the_same():
    make, readme = ((ROOT / name).read_text(encoding="utf-8") for name in ("Makefile", "README.md"))
    assert "start.py install dev" in make and "pip install" not in make.split("$(READY):")[1]
    for command in (
        "python start.py",
        "python start.py course",
        "python start.py test",
        "make course",
        "make test",
        "make student",
    ):
        assert f"`{command}`" in readme or f"\n{command}\n" in readme, command
