"""Harmful zips: they write outside their folder, link to other files, or become far larger than they look.

The zips here are harmless stand-ins: small files whose paths, kinds or sizes break one of our rules. Zips that crash or hang
other unpackers, such as those with overlapping members or members that unpack without end, are not kept here. Before it
unpacks, our unpacker refuses a zip that has too many members, is too large or is compressed too much. It reads no more of a
member than its declared size.
"""

import io
import stat
import zipfile

from submission_files import RAW, STAGE

NAME = f"{STAGE}.ipynb"
WORK = RAW[STAGE]


def _linked():
    info = zipfile.ZipInfo(f"link/{NAME}", (2026, 3, 1, 10, 0, 0))
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped({info: b"/etc/passwd"})


def zipped(members, how=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return buffer.getvalue()


def _encrypted():
    raw = bytearray(zipped({f"ada/{NAME}": WORK}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1
    return bytes(raw)


def _shrunk():
    raw = bytearray(zipped({f"ada/{NAME}": WORK}, zipfile.ZIP_STORED))
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (10).to_bytes(4, "little")  # the declared size of the member
    return bytes(raw)


def _nested(depth):
    data = zipped({NAME: WORK})
    for _ in range(depth):
        data = zipped({"work.zip": data})
    return data


# {name: a function that makes a zip}. The grader must take no file from any of these zips.
ZIPS = {
    "a path upwards": lambda: zipped({f"../../out/{NAME}": WORK}),
    "a path from the root": lambda: zipped({f"/abs/{NAME}": WORK}),
    "a path upwards with backslashes": lambda: zipped({f"a\\..\\..\\{NAME}": WORK}),
    "a path with a drive": lambda: zipped({f"C:/{NAME}": WORK}),
    "a link": _linked,
    "a member that grows": lambda: zipped({f"ada/{NAME}": b"\0" * 30_000_000}, zipfile.ZIP_LZMA),
    "too many members": lambda: zipped({f"{i}.txt": "" for i in range(20_001)}),
    "an encrypted member": _encrypted,
    "a size that is not the declared one": _shrunk,
    "zips in zips": lambda: _nested(4),
}
