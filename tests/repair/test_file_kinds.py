"""A file that is not a notebook is refused with a message that names its true kind and what to do."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import tarfile
import time
import zipfile

import pytest
from damages import clean, png

from autograder.repair.notebook_file import NotGradable, read_cells
from autograder.repair.repair import repair

STAGE = "04_in_batch_loss"
TEXT = clean().decode()
LINES = TEXT.split("\n")


def archive(make):
    data = io.BytesIO()
    make(data)
    return data.getvalue()


def zipped(name):
    return archive(lambda f: zipfile.ZipFile(f, "w").writestr(name, TEXT))


def tarred(f):
    with tarfile.open(fileobj=f, mode="w") as t:
        info = tarfile.TarInfo("a.ipynb")
        info.size = 3
        t.addfile(info, io.BytesIO(b"{} "))


def conflict(at, ours="<<<<<<< HEAD", middle="=======", theirs=">>>>>>> origin/main"):
    return "\n".join([*LINES[:at], ours, LINES[at], middle, LINES[at], theirs, *LINES[at + 1 :]])


KINDS = {
    "nothing": (b"", "empty"),
    "zero bytes": (bytes(5000), "empty"),
    "a mark of byte order": (b"\xef\xbb\xbf \n", "empty"),
    "conflict": (conflict(165), "git merge conflict is left in the file, in line 166 (<<<<<<<), line 168 (=======)"),
    "conflict at the top": (conflict(0), "git merge conflict is left in the file, in line 1 (<<<<<<<)"),
    "conflict, indented": (conflict(20, "   <<<<<<< ours", "   =======", "   >>>>>>> theirs"), "merge conflict"),
    "conflict with Windows ends": (conflict(30).replace("\n", "\r\n"), "line 31 (<<<<<<<)"),
    "LFS": ("version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 12345\n", "pointer of Git LFS"),
    "a link": ("https://colab.research.google.com/drive/1abc?usp=sharing\n", "holds a link"),
    "two links": ("https://a.example/x.ipynb\nhttps://b.example/y\n", "holds a link"),
    "a link without scheme": ("www.example.org/x", "holds a link"),
    "a shortcut": ("[InternetShortcut]\r\nURL=https://example.org/x.ipynb\r\nIconIndex=0\r\n", "holds a link"),
    "a link of Drive": ('{"url": "https://example.org/x", "doc_id": "abc", "email": "x"}', "link of Google Drive"),
    "a page": ("<!DOCTYPE html>\n<html><body>Sign in</body></html>", "a web page"),
    "a page of old": ("\n\n<HTML><HEAD></HEAD></HTML>", "a web page"),
    "an exported notebook": ('<!DOCTYPE html><html><body class="jp-Notebook"></body></html>', "to which the notebook was exported"),
    "XML": ("<?xml version='1.0'?><a/>", "XML"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
    "PDF after blanks": (b"\n\n%PDF-1.4\n", "a PDF"),
    "gzip": (gzip.compress(clean()), "gzip archive, not a notebook: unpack it"),
    "bzip2": (bz2.compress(clean()), "bzip2"),
    "xz": (lzma.compress(clean()), "xz"),
    "zip": (zipped("a.ipynb"), "zip archive, not a notebook: unpack it"),
    "Word": (zipped("word/document.xml"), "Word document"),
    "Excel": (zipped("xl/workbook.xml"), "Excel workbook"),
    "tar": (archive(tarred), "tar archive"),
    "PNG": (png(), "a picture (PNG)"),
    "pickle": (pickle.dumps([1, 2]), "pickle"),
    "RTF": (b"{\\rtf1\\ansi hello}", "rich text"),
    "Python": ("import torch\n\n\ndef f():\n    return 1\n", "Python source (.py)"),
    "Python in percent format": ("# %% [markdown]\n# # Title\n\n# %%\nx = 1\n", "Python source (.py)"),
    "text": ("Dear all,\nmy answers follow.\n", "plain text"),
    "an e-mail": ("Received: from x\nMIME-Version: 1.0\n\nhello", "an e-mail"),
    "a printed dictionary": (str(json.loads(TEXT)), "Python dictionary"),
    "cut off": (TEXT[: len(TEXT) // 2], "cut off"),
    "cut off at the last bracket": (TEXT.rstrip()[:-1], "cut off"),
    "cut off in a word": (TEXT[: TEXT.index("false") + 2], "cut off"),
    "cut off in a key": (TEXT[: TEXT.index('"outputs"') + 4], "cut off"),
    "cut off after a comma": (TEXT[: TEXT.index(",\n") + 2], "cut off"),
    "two in one": (TEXT + TEXT, f"goes on after the end of the notebook, in line {len(LINES)}"),
    "a list": ("[1, 2]", "a list, and has no list of cells"),
    "a number": ("3", "a single value, and has no list of cells"),
    "another object": ('{"name": "x", "version": 2}', "an object with the keys name, version, and has no list of cells"),
    "an empty object": ("{}", "an empty object"),
}  # fmt: skip


@pytest.mark.parametrize("content, words", KINDS.values(), ids=KINDS)
def test_what_it_is_is_named(content, words):
    raw = content.encode() if isinstance(content, str) else content
    with pytest.raises(NotGradable) as e:
        repair(raw, STAGE)
    assert words in str(e.value) and len(str(e.value)) < 250, str(e.value)
    assert ": " in str(e.value), "what to do follows"


def commas():
    """Return the indices of lines that hold a closing bracket and follow an item. A comma after this item is a common mistake."""
    return [i for i, line in enumerate(LINES) if line.strip() in ("]", "}", "],", "},") and LINES[i - 1].strip()[-1:] not in "[{,"]


@pytest.mark.parametrize("at", [commas()[0], commas()[len(commas()) // 2], commas()[-1]])
@pytest.mark.parametrize("blanks", ["", "\n\n   "])
def test_a_comma_too_many_is_told_with_its_line(at, blanks):
    text = "\n".join([*LINES[: at - 1], LINES[at - 1] + "," + blanks, *LINES[at:]])
    with pytest.raises(NotGradable, match=rf"an extra comma at the end of line {at}, before a closing bracket"):
        repair(text.encode(), STAGE)


def test_a_comma_too_many_in_a_file_of_one_line():
    with pytest.raises(NotGradable, match="an extra comma at the end of line 1"):
        repair(b'{"cells": [], }', STAGE)


def test_a_comma_that_lacks_is_told_with_its_line():
    at = next(i for i, line in enumerate(LINES) if line.strip() == "},")
    text = "\n".join([*LINES[:at], LINES[at].rstrip(","), *LINES[at + 1 :]])
    with pytest.raises(NotGradable, match=rf"broken in line {at + 2}.*delimiter"):
        repair(text.encode(), STAGE)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_other_encodings_are_read(encoding):
    notes = []
    assert len(read_cells(TEXT.encode(encoding), notes)) == len(read_cells(TEXT.encode(), []))
    assert [n for n in notes if n.startswith("The file was in UTF-")] or encoding == "utf-8-sig"


def test_signs_of_a_conflict_in_a_cell_are_no_conflict_of_the_file():
    nb = json.loads(TEXT)
    nb["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "Title\n=======\n"})
    assert repair(json.dumps(nb).encode(), STAGE).exercises


@pytest.mark.parametrize(
    "raw, says",
    [
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "a video"),
        (b"PK\x05\x06" + b"\0" * 18, "an empty zip"),
        (b"PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.text", "OpenDocument"),
        (bytes(range(128, 256)) * 9, "holds data of some other program"),
        (b"ab\1\2\3\4\5" * 99, "holds data of some other program"),
        (b"[my work](https://colab.research.google.com/drive/abc)", "holds a link"),
        (b"Here is my notebook: https://colab.research.google.com/drive/abc, thanks", "holds a link"),
        (b"colab.research.google.com/drive/abc", "holds a link"),
        (b"<https://colab.research.google.com/drive/1>", "holds a link"),
        (b"[Desktop Entry]\nType=Link\nURL=https://uni.example", "holds a link"),
        (b"Subject: homework\nFrom: ada@uni.example\n\nHello", "an e-mail"),
        (b'# mine\n{\n "cells": []}', "begins in line 2"),
        (b'```json\n{"nbformat": 4, "cells": []}\n```', "begins in line 2"),
        (b'{\n "cells": [\n>>>>>>> main\n ]}', "merge conflict"),
        (b"no link at all, only words", "plain text"),
        (b"/annex/objects/SHA256E-s1234--0a1b.ipynb\n", "a pointer of git-annex, .*`git annex get`"),
        (b"../.git/annex/objects/Xk/1q/SHA256E-s1234--0a1b.ipynb/SHA256E-s1234--0a1b.ipynb", "a pointer of git-annex"),
        (b"outs:\n- md5: 0a1b\n  size: 1234\n  path: 04_in_batch_loss.ipynb\n", "a pointer of DVC, .*`dvc pull`"),
        (b'diff --git a/a.ipynb b/a.ipynb\n--- a/a.ipynb\n+++ b/a.ipynb\n@@ -1,2 +1,2 @@\n {\n  "cells": [\n', "a diff"),
        (b"--- a.ipynb\t2026-01-01\n+++ b.ipynb\t2026-01-02\n@@ -1 +1 @@\n-import torch\n+import numpy\n", "a diff"),
        (b"From " + b"0a" * 20 + b" Mon Sep 17 00:00:00 2001\nFrom: ada@uni.example\nSubject: [PATCH] mine\n", "a diff"),
        (b"---\ntitle: my work\n---\n", "plain text"),
    ],
)
def test_what_is_told_is_true_of_the_file(raw, says):
    with pytest.raises(NotGradable, match=says):
        read_cells(raw, [])


def test_looking_for_a_link_takes_no_time():
    begun = time.process_time()
    for text in (b"a " * 4_900, b"a." * 4_900, b"a.b/" * 2_400, b"x" * 9_900, b"www." * 2_400):
        with pytest.raises(NotGradable):
            read_cells(text, [])
    assert time.process_time() - begun < 2
