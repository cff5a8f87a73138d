"""Many calls as three Parquet tables: ``calls``, ``sentences``, ``nudges`` (``docs/session-format.md``).

Owns the columns and the files, which are whole or not there. Refuses to know which calls and where they lie. Rows are
written as they come, so that thousands of calls need no more memory than one. Parquet is pyarrow's, which the extra
``cluster`` brings.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from coach.call.figures import ESTIMATED, figures
from coach.call.meters import Meters
from coach.report.document import document
from coach.report.plain import writable
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType, TracebackType

    from coach.report.document import CallReport

EXTRA = "pip install 'coach-at-the-edge[cluster]'"
"""What installs everything that this and a cluster need."""
FORMAT = 1
"""Version of the tables."""
ROWS = 5_000
"""Rows are held back until there are so many of a table: small groups make a file slow to read."""


def parquet() -> tuple[ModuleType, ModuleType]:
    """Return pyarrow and its Parquet part.

    Raises:
        Trouble: when it is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra: loaded only by whoever asks for tables
        import pyarrow.parquet as pq  # noqa: PLC0415 - the same
    except ImportError as e:
        raise Trouble(
            "Parquet needs pyarrow, which is not installed.", "Install it: {command}", command=EXTRA
        ) from e
    return pa, pq


class Tables:
    """Write tables into a folder; use it with ``with``: files appear at its end, and none after a fault.

    Args:
        folder: is made where it is missing; tables of an earlier time give way.

    Raises:
        Trouble: when pyarrow is missing or the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._pa, self._pq = parquet()
        self.folder = folder
        self._schemas = _schemas(self._pa)
        self._rows: dict[str, list[dict[str, Any]]] = {name: [] for name in self._schemas}
        self._writers: dict[str, Any] = {}

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for name, schema in self._schemas.items():
                self._writers[name] = self._pq.ParquetWriter(self._part(name), schema)
        except OSError as e:
            self._forget()
            raise self._unwritable(e) from e
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, trace: TracebackType | None) -> None:
        if kind is not None:
            self._forget()
            return
        try:
            for name in self._schemas:
                self._flush(name)
                self._writers.pop(name).close()
            for name in self._schemas:
                self._part(name).replace(self.folder / f"{name}.parquet")
        except OSError as e:
            self._forget()
            raise self._unwritable(e) from e

    def add(self, call: str, report: CallReport, *, file: str = "", began: str = "") -> None:
        """Add one call.

        Args:
            call: its id, the same for the same recording: the name of its session.
            report: what became of it.
            file: where the recording was.
            began: when the call was, as ISO 8601; empty where nobody knows.
        """
        for name, rows in rows_of(call, report, file=file, began=began).items():
            self._rows[name] += [{column: _plain(value) for column, value in row.items()} for row in rows]
            if len(self._rows[name]) >= ROWS:
                try:
                    self._flush(name)
                except OSError as e:
                    raise self._unwritable(e) from e

    def _flush(self, name: str) -> None:
        if self._rows[name]:
            table = self._pa.Table.from_pylist(self._rows[name], schema=self._schemas[name])
            self._writers[name].write_table(table)
            self._rows[name] = []

    def _part(self, name: str) -> Path:
        return self.folder / f"{name}.parquet.part"

    def _forget(self) -> None:
        for writer in self._writers.values():
            with suppress(OSError):
                writer.close()
        self._writers.clear()
        for name in self._schemas:
            with suppress(OSError):
                self._part(name).unlink(missing_ok=True)

    def _unwritable(self, e: OSError) -> Trouble:
        return Trouble(
            "Tables cannot be written to {folder}: {why}.",
            "Choose another folder.",
            folder=self.folder,
            why=e,
        )


def rows_of(
    call: str, report: CallReport, *, file: str = "", began: str = ""
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of one call in each table, times in seconds; see `Tables.add`."""
    said = document(report)
    heard = [s | {"who": t["who"]} for t in said["turns"] for s in t["sentences"]] + said["backchannels"]
    return {
        "calls": [
            {
                "call": call,
                "file": file,
                "title": report.title,
                "call_type": report.call_type,
                "language": report.language,
                "began": began,
                "duration_s": report.audio.get("duration_s"),
                "note": str(report.audio.get("note", "")),
                "nudges": len(report.nudges),
                "estimated": [f.name for f in report.figures if f.how == ESTIMATED],
                **{f.name: f.value for f in report.figures},
            }
        ],
        "sentences": [{"call": call, **s} for s in sorted(heard, key=lambda s: (s["start_s"], s["who"]))],
        "nudges": [
            {"call": call, **{name: value for name, value in n.items() if name != "because"}}
            for n in said["nudges"]
        ],
    }


def _plain(value: object) -> object:
    return writable(value) if isinstance(value, str) else value


def _schemas(pa: ModuleType) -> dict[str, Any]:
    text, number, names = pa.string(), pa.float64(), pa.list_(pa.string())
    told = {b"coach_format": str(FORMAT).encode()}
    columns: dict[str, list[Any]] = {
        "calls": [
            *(pa.field(name, text) for name in ("call", "file", "title", "call_type", "language", "began")),
            pa.field("duration_s", number),
            pa.field("note", text),
            pa.field("nudges", pa.int32()),
            pa.field("estimated", names),
            *(pa.field(f.name, number, metadata={"unit": f.unit}) for f in figures(Meters())),
        ],
        "sentences": [
            pa.field("call", text),
            pa.field("who", text),
            pa.field("start_s", number),
            pa.field("end_s", number),
            pa.field("text", text),
            pa.field("cues", names),
        ],
        "nudges": [
            pa.field("call", text),
            pa.field("at_s", number),
            pa.field("due_s", number),
            *(pa.field(name, text) for name in ("rule", "text", "reason", "source", "suggestion")),
        ],
    }
    return {name: pa.schema(fields, metadata=told) for name, fields in columns.items()}
