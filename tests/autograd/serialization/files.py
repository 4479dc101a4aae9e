"""Files for tests: what is saved and loaded without touching the disk."""

import io
import zipfile

import autograd


def saved(obj):
    """The bytes that save() writes."""
    file = io.BytesIO()
    autograd.save(obj, file)
    return file.getvalue()


def loaded(data, **options):
    """What load() makes of bytes."""
    return autograd.load(io.BytesIO(data), **options)


def again(obj, **options):
    """The object, saved and loaded."""
    return loaded(saved(obj), **options)


def records_of(data):
    """The records of a file, by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {entry.filename: file.read(entry) for entry in file.infolist()}


def file_of(records, compression=zipfile.ZIP_STORED):
    """A file with these records: pairs of name and bytes, or a dict."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as file:
        for name, content in records.items() if isinstance(records, dict) else records:
            file.writestr(name, content)
    return data.getvalue()


def file_with(pickle, storages=()):
    """A file whose object is told by ``pickle``."""
    records = {"a/data.pkl": pickle, "a/version": b"3\n"}
    return file_of(records | {f"a/data/{i}": raw for i, raw in enumerate(storages)})
