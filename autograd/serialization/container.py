"""The zip files that PyTorch writes: records side by side, not compressed, at aligned places."""

from __future__ import annotations

import contextlib
import struct
import sys
import zipfile
import zlib
from typing import IO, Any

import numpy as np

_ALIGNMENT = 64
_ZIP64 = 20  # bytes that zipfile adds to the extra field of a large record
_CHUNK = 1 << 20


class Container:
    """The records of a zip file, each there once, whole, and not compressed.

    Raises RuntimeError for what is damaged, compressed or larger than the file.
    """

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        try:
            self.zip = zipfile.ZipFile(file)
            entries = self.zip.infolist()
        except (*DAMAGE, IndexError) as error:
            raise damaged(f"its table of contents cannot be read ({error})") from None
        self.records = {entry.filename: entry for entry in entries}
        if len(self.records) < len(entries):
            raise damaged("a record is there twice")
        if any([entry.compress_type != zipfile.ZIP_STORED for entry in entries]):
            raise RuntimeError(
                "load: the records of the file must not be compressed; these are. Save it anew, "
                "or read it with numpy.load where NumPy compressed it."
            )
        announced = sum([max(entry.file_size, entry.compress_size) for entry in entries])
        if announced > size:
            raise damaged(f"it has {size} bytes and announces {announced}")

    def read(self, name: str) -> bytes:
        """The bytes of a record."""
        try:
            with self.zip.open(self.entry(name)) as record:
                return record.read()
        except DAMAGE as error:
            raise damaged(f"the record {name!r:.80} is not whole ({error})") from None

    def read_into(self, name: str, memory: Any) -> None:
        """The bytes of a record, as many as ``memory`` has, put there."""
        entry = self.entry(name, len(memory))
        try:
            with self.zip.open(entry):  # looks at the record's head
                self.file.seek(self.place(name))
            at = 0
            while at < len(memory):
                part = self.file.read(min(_CHUNK, len(memory) - at))
                if not part:
                    raise EOFError("it ends early")
                memory[at : at + len(part)] = part
                at += len(part)
            if zlib.crc32(memory) != entry.CRC:
                raise EOFError("its checksum is another")
        except DAMAGE as error:
            raise damaged(f"the record {name!r:.80} is not whole ({error})") from None

    def entry(self, name: str, size: int | None = None) -> zipfile.ZipInfo:
        """What the table of contents says of a record; of that size, if given."""
        entry = self.records.get(name)
        if entry is None:
            raise damaged(f"the record {name!r:.80} is missing")
        if size is not None and entry.file_size != size:
            raise damaged(
                f"the record {name!r:.80} should have {size} bytes and has {entry.file_size}"
            )
        return entry

    def place(self, name: str) -> int:
        """Where in the file the bytes of a record begin."""
        entry = self.records[name]
        self.file.seek(entry.header_offset + 26)
        names, extra = struct.unpack("<HH", self.file.read(4))
        return entry.header_offset + 30 + names + extra


DAMAGE = (
    zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError, struct.error, zlib.error,
)  # fmt: skip


def damaged(fact: str) -> RuntimeError:
    return RuntimeError(
        f"load: the file must be whole, as save() wrote it; {fact}. It is damaged: save or "
        "download it anew."
    )


class Stream:
    """A file that is written from where it stands on, and not asked for more than that."""

    def __init__(self, file: Any) -> None:
        self.write = file.write

    def flush(self) -> None:
        """Nothing: the file's owner does that."""


class Records:
    """Writes the records of a zip file under one folder, as PyTorch lays them out."""

    def __init__(self, file: Any, folder: str) -> None:
        self.zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self.folder = folder

    def write(self, name: str, data: Any) -> None:
        """One record, its bytes at a multiple of 64."""
        entry = zipfile.ZipInfo(f"{self.folder}/{name}")  # of 1980: equal objects, equal files
        entry.file_size = size = len(data)
        start = self.zip.fp.tell() + 30 + len(entry.filename.encode("utf-8"))  # type: ignore[union-attr]
        if size * 1.05 > zipfile.ZIP64_LIMIT:
            start += _ZIP64
        padding = -(start + 4) % _ALIGNMENT
        entry.extra = b"FB" + struct.pack("<H", padding) + b"Z" * padding
        with self.zip.open(entry, "w") as record:
            for at in range(0, size, _CHUNK):
                record.write(data[at : at + _CHUNK])

    def __enter__(self) -> Records:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        with contextlib.suppress(*([] if error is None else [Exception])):
            self.zip.close()


def bytes_of(array: Any) -> Any:
    """The memory of a dense one-dimensional array, to be read or filled, without a copy."""
    return memoryview(array.view(np.uint8)) if array.size else memoryview(bytearray())


def byteorder() -> str:
    """The order of bytes here, in the word that files have for it."""
    return sys.byteorder
