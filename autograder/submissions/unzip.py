"""Unpacks notebooks from a zip that is not trusted. The number of files and each path, link and size are checked."""

import stat
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import PurePosixPath

from autograder.repair.notebook_file import MAX_BYTES

MAX_FILES = 20_000  # files in all zips of one search
MAX_TOTAL = 4_000_000_000  # bytes of all unpacked files of one search
INNER = 0.1  # share of both limits that one of several zips may use: one student's zip bomb must not use up the limits
MAX_RATIO = 1_100  # unpacked size divided by packed size; ordinary compression (deflate) reaches at most 1,032
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError)


class Allowance:
    """How many files and bytes the zips of one search, including nested zips, may hold in addition to those already counted."""

    def __init__(self):
        self.files, self.bytes = MAX_FILES, MAX_TOTAL

    def take(self, files, size, share):
        """Subtract the number of files (`files`) and of bytes (`size`) of a zip from what is left.

        Raises ValueError, and subtracts nothing, if `files` or `size` is more than is left, or more than the fraction `share` of
        its limit (MAX_FILES or MAX_TOTAL).
        """
        most, room = int(MAX_FILES * share), MAX_TOTAL * share
        alone = (
            "it was not opened"
            if share == 1
            else "it was not opened; if its size is right, grade it by itself, for which the limit is higher"
        )
        if files > most:
            raise ValueError(f"the zip holds {files} files, more than {most}: {alone}")
        if size > room:
            raise ValueError(f"the zip would unpack to more than {room / 1e9:g} GB: {alone}")
        if files > self.files or size > self.bytes:
            raise ValueError(
                f"with it, the zips would hold more than {MAX_FILES} files or {MAX_TOTAL / 1e9:g} GB in all: grade it by itself"
            )
        self.files, self.bytes = self.files - files, self.bytes - size


def unzip(path, target, wanted, allowance, share=1):
    """Unpack a zip. Return a list of (name in the zip, file or None, modification time or None, reason or ""), one per member.

    path       the zip
    target     folder in which each member becomes a numbered file
    wanted     function that takes a member's name and returns whether to unpack the member
    allowance  the Allowance of the search
    share      fraction of the limits of the search that this zip may use

    If a member could not be unpacked, the file is None and the reason says why. If the member was not wanted, the file is None and
    the reason is "". Raises ValueError for a zip that is damaged or too large.
    """
    try:
        archive = zipfile.ZipFile(path)
        members = [m for m in archive.infolist() if not m.is_dir()]
    except BROKEN as e:
        raise ValueError(f"the zip is damaged ({str(e)[:80] or type(e).__name__}): ask for it again") from None
    named = [(m, m.filename.replace("\\", "/")) for m in members]
    reasons = [refused(m, name) if wanted(name) else None for m, name in named]
    allowance.take(len(members), sum(m.file_size for m, reason in zip(members, reasons) if reason == ""), share)
    target.mkdir(parents=True, exist_ok=True)
    found = []
    with archive:
        for n, ((m, name), reason) in enumerate(zip(named, reasons)):
            file, when = None, modified(m)
            if reason == "":
                file = target / f"{n:05d}{PurePosixPath(name).suffix[:8]}"
                try:
                    with archive.open(m) as member:
                        data = member.read(m.file_size + 1)
                    if len(data) != m.file_size:
                        raise zipfile.BadZipFile("its size is not the declared one")
                    file.write_bytes(data)
                except BROKEN as e:
                    file, reason = None, f"it cannot be taken out of the zip ({str(e)[:80] or type(e).__name__})"
            found.append((name, file, when, reason or ""))
    return found


def refused(member, name):
    """Return the reason why a member of a zip must not be unpacked, or "" if it may be unpacked."""
    if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
        return "its path leads outside the zip"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a link, not a file"
    if member.flag_bits & 1:
        return "it is encrypted"
    if member.file_size > MAX_BYTES:
        return f"it has more than {MAX_BYTES / 1e6:.0f} MB"
    if member.file_size > MAX_RATIO * max(member.compress_size, 1):
        return f"it grows more than {MAX_RATIO} times when it is unpacked"
    return ""


def modified(member):
    """Return the date of a member of a zip, or None if its date is invalid or missing (a missing date is stored with the year 1980).

    Zips record no time zone, so the date is read as UTC.
    """
    try:
        return datetime(*member.date_time, tzinfo=UTC) if member.date_time[0] > 1980 else None
    except ValueError:
        return None
