"""Files attached to things in ION, in both of its ways.

The three steps ask for a signed address, send the bytes, and register what was sent: until then there is
nothing in ION. The older way makes the attachment first, so that one without bytes may be left behind; such a
one is taken away before anything else is tried. Neither has a lock, so that the files are counted afterwards.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

from kiosk.errors import IonError, IonRejected, IonUncounted, IonUnknown, IonUnreachable
from kiosk.ion.arguments import AttachFile
from kiosk.ion.changes.base import RECENT, Change, age_of
from kiosk.ion.documents import Call
from kiosk.ion.storage import UploadExpired
from kiosk.ion.wording import quoted, shown
from kiosk.model import Json, Submit
from kiosk.ports import Absent, Finding, Found, Unsure
from kiosk.words import listed, told

__all__ = ["ByAttachment", "ByUpload"]

_TRIES: Final = 2
_MOST_LOOKED_AT: Final = 5
_UNDONE_BY: Final = {"attach_file": "delete_file", "add_asset": "delete_asset"}


class _Attached(Change[AttachFile]):
    takes: ClassVar[type[AttachFile]] = AttachFile

    def _content(self) -> bytes:
        files = self._errand.files
        content = files.read(self._arguments.digest) if files is not None else None
        if content is None:
            raise IonRejected(
                told(
                    "{facts}: expected its bytes in the kiosk ({digest}), got none",
                    facts=self._facts,
                    digest=self._arguments.digest[:12],
                )
            )
        return content

    @property
    def _facts(self) -> str:
        return told(
            "Attach {file} to {entity}",
            file=quoted(self._arguments.filename),
            entity=quoted(self._arguments.entity_id),
        )

    def _files(self) -> list[Mapping[str, Any]] | None:
        """Return the newest files of the same name, ``None`` where this tenant does not list files."""
        call = self._calls.get("FilesOf")
        if call is None:
            return None
        rows = self._tenant.rows(call, {"entity": self._arguments.entity_id, "recent": RECENT})
        return [
            row
            for found in rows.values()
            for row in found
            if isinstance(row, dict) and row.get("filename") == self._arguments.filename
        ]

    def _new_files(self) -> list[Mapping[str, Any]] | None:
        """Return those of the newest files that were not there before the first send, ``None`` if unknown.

        After a restart nobody knows any more what was there before, and all of the name may be new.
        """
        files, before = self._files(), self._errand.memory.before.get(self._errand.marker, frozenset())
        return None if files is None else [row for row in files if str(row.get("id")) not in before]

    def _remember_before(self) -> None:
        there = self._files()
        if there is not None:
            ids = frozenset(str(row.get("id")) for row in there)
            self._errand.memory.remember_before(self._errand.marker, ids)

    def _settled(self, file: Mapping[str, Any]) -> dict[str, Json]:
        self._errand.memory.forget(self._errand.marker)
        return self._result(file)

    def _result(self, file: Mapping[str, Any]) -> dict[str, Json]:
        name = file.get("filename")
        return {
            "file": {
                "id": str(file.get("id")),
                "filename": name if isinstance(name, str) else self._arguments.filename,
            }
        }

    def _missing(self, there: list[Mapping[str, Any]] | None) -> Finding:
        if there is None:
            return Unsure(
                told(
                    "{facts}: expected one new file, got no list of files from this tenant", facts=self._facts
                )
            )
        if not there:
            return Absent(late_s=self._errand.request_life_s)
        got = listed((told("file {id}", id=shown(str(row.get("id")))) for row in there[:5]), between=", ")
        return Unsure(
            told(
                "{facts}: expected one new file, got {got}; whose it is, ION does not tell",
                facts=self._facts,
                got=got,
            )
        )

    def _count(self, made: Mapping[str, Any], files: Callable[[], list[Mapping[str, Any]] | None]) -> None:
        """Look how many there are, where this tenant lists files.

        Raises:
            IonUncounted: more than one, or the list does not show it yet.
        """
        if "FilesOf" not in self._calls:
            return
        try:
            there = files() or []
        except IonError:
            return  # it was attached; what cannot be read now proves nothing else
        if not there:
            raise self._not_shown(self._result(made), self._facts)
        if len(there) > 1:
            raise IonUncounted(
                told("{facts}: expected one new file, got {count}", facts=self._facts, count=len(there))
            )

    def _undo(self, files: Sequence[Mapping[str, Any]]) -> tuple[Submit, ...]:
        """Return what takes away second copies, nothing where this tenant cannot."""
        way = _UNDONE_BY[self._errand.operation]
        if not self._tenant.catalogue.offers(way):
            return ()
        ids = [str(file.get("id")) for file in files]
        entity = self._arguments.entity_id
        return tuple(
            Submit(way, f"file/{id_}", f"file/{id_}", {"file_id": id_, "entity_id": entity}) for id_ in ids
        )

    @abstractmethod
    def perform(self) -> Mapping[str, Json]:
        """Send the bytes and attach them, once."""


class ByUpload(_Attached):
    """``attach_file`` in three steps."""

    def perform(self) -> Mapping[str, Json]:
        """Ask where the bytes go, send them, register them.

        Raises:
            IonError: see ``kiosk.ports.IonWriter``; before the last step nothing was executed.
        """
        content = self._content()
        ours = self._ours()
        if ours:
            return self._settled(ours[0])
        self._remember_before()
        key, etag = self._upload(content)
        self._errand.memory.keys[self._errand.marker] = key
        made = self._tenant.change(
            self._calls["RegisterUpload"],
            {
                "filename": self._arguments.filename,
                "key": key,
                "file_etag": etag,
                "entity": self._arguments.entity_id,
                "validate": True,
            },
            "made",
            may_miss=frozenset({"validate"}),
        )
        self._count(made, self._ours)
        return self._settled(made)

    def find_effect(self) -> Finding:
        """Look for the file under the key where the bytes went."""
        ours = self._ours()
        if not ours:
            return self._missing(self._new_files())
        first, *others = ours
        surplus = self._undo(others)
        if len(surplus) < len(others):
            return Unsure(
                told("{facts}: expected one new file, got {count}", facts=self._facts, count=len(ours))
            )
        return Found(self._settled(first), surplus)

    def _ours(self) -> list[Mapping[str, Any]]:
        """Return the files under the key where the bytes went, the oldest first."""
        key = self._errand.memory.keys.get(self._errand.marker)
        files = self._files() if key is not None else None
        found = [row for row in files or () if row.get("key") == key]
        return sorted(found, key=lambda row: age_of(str(row.get("id"))))

    def _upload(self, content: bytes) -> tuple[str, str]:
        """Send the bytes and return their key and etag; where an address fails, a second one is asked for."""
        for last in (False, True):
            call = self._calls["RequestUpload"]
            answer = self._tenant.send(call, {"filename": self._arguments.filename}).get("upload")
            upload = answer if isinstance(answer, dict) else {}
            url, key = upload.get("upload_url"), upload.get("key")
            if not isinstance(url, str) or not isinstance(key, str):
                raise IonUnreachable(
                    told("{call}: expected an address and a key from ION, got less", call=call.name)
                )
            kind = upload.get("content_type")
            try:
                etag = self._errand.storage.put(
                    url, content, content_type=kind if isinstance(kind, str) else self._arguments.content_type
                )
            except IonUnreachable:
                if last:
                    raise
                continue
            if not etag:
                raise IonUnreachable(
                    told("{facts}: expected an ETag from the storage, got none", facts=self._facts)
                )
            return key, etag
        raise AssertionError("unreachable")


class ByAttachment(_Attached):
    """``attach_file`` in the older way, and ``add_asset``."""

    @classmethod
    def fits(cls, calls: Mapping[str, Call]) -> bool:
        """Return whether the tenant makes the attachment first."""
        return "CreateAttachment" in calls

    def perform(self) -> Mapping[str, Json]:
        """Make the attachment and send the bytes to the address in its answer.

        Raises:
            IonUnknown: there may be an attachment, with or without bytes.
            IonError: see ``kiosk.ports.IonWriter``.
        """
        content = self._content()
        if self._errand.marker in self._errand.memory.doubtful:
            ours = self._standing(content)
            if isinstance(ours, Found):
                return ours.result
        self._remember_before()
        for attempt in range(_TRIES):
            file, url = self._create()
            kind = file.get("content_type")
            try:
                self._errand.storage.put(
                    url, content, content_type=kind if isinstance(kind, str) else self._arguments.content_type
                )
            except (IonUnreachable, IonRejected) as error:
                self._take_away(file, error)
                if isinstance(error, UploadExpired) and attempt + 1 < _TRIES:
                    continue
                raise
            self._count(file, self._new_files)
            return self._settled(file)
        raise AssertionError("unreachable")

    def find_effect(self) -> Finding:
        """Look for the attachment and for its bytes; one that nobody took bytes for is taken away."""
        self._errand.memory.doubt(self._errand.marker)
        return self._standing(self._content())

    def _standing(self, content: bytes) -> Finding:
        memory, marker = self._errand.memory, self._errand.marker
        known, there = memory.keys.get(marker), self._new_files()
        names = [str(row.get("id")) for row in there or ()]
        ids = [*([known] if known is not None else []), *(id_ for id_ in names if id_ != known)]
        # What was there before is not ours to take away; after a restart nobody knows what that was.
        are_ours = marker in memory.before
        looked = [self._look(id_, content) for id_ in ids[:_MOST_LOOKED_AT]]
        whole = [file for file, is_whole in looked if file is not None and is_whole]
        empty = [file for file, is_whole in looked if file is not None and not is_whole]
        if whole:
            others = [*whole[1:], *empty] if are_ours else []
            surplus = self._undo(others)
            if len(surplus) < len(others):
                return self._missing([*whole, *empty])
            return Found(self._settled(whole[0]), surplus)
        if known is None and (not are_ours or len(empty) != 1):
            return self._missing(there)
        # What ION and its storage have answered for has its bytes, wherever they cannot be read yet.
        if marker not in memory.answered:
            for file in empty[:1]:
                self._take_away(file, None)
        return Absent()

    def _look(self, file_id: str, content: bytes) -> tuple[Mapping[str, Any] | None, bool]:
        """Return an attachment, and whether the storage has our bytes for it."""
        call = self._calls["FileOf"]
        try:
            rows = self._tenant.rows(call, {"file": file_id})
        except IonRejected as error:
            if error.code == "NOT_FOUND_ERROR":
                return None, False
            raise
        file = next((row for found in rows.values() for row in found if isinstance(row, dict)), None)
        url = file.get("download_url") if file is not None else None
        return file, isinstance(url, str) and self._errand.storage.get(url) == content

    def _create(self) -> tuple[Mapping[str, Any], str]:
        call = self._calls["CreateAttachment"]
        values = {"filename": self._arguments.filename, "entity": self._arguments.entity_id}
        payload = self._tenant.send(call, values).get("attachment")
        answer = payload if isinstance(payload, dict) else {}
        file, url = answer.get("made"), answer.get("upload_url")
        if not isinstance(file, dict) or file.get("id") is None:
            raise IonUnknown(
                told("{call}: expected the attachment in ION's answer, got none", call=call.name)
            )
        self._errand.memory.keys[self._errand.marker] = str(file["id"])
        if not isinstance(url, str):
            self._take_away(file, None)
            raise IonUnreachable(
                told("{call}: expected an address for the bytes in ION's answer, got none", call=call.name)
            )
        return file, url

    def _take_away(self, file: Mapping[str, Any], cause: IonError | None) -> None:
        """Delete an attachment without bytes, so that it is proved that nothing is left of it.

        Raises:
            IonUnknown: that did not work; it has to be looked for.
        """
        call = self._calls["DeleteAttachment"]
        try:
            self._tenant.change(
                call,
                {"file": str(file.get("id")), "entity": self._arguments.entity_id},
                "changed",
                may_miss=frozenset({"entity"}),
            )
        except IonError as error:
            if error.code != "NOT_FOUND_ERROR":
                raise IonUnknown(
                    told(
                        "{facts}: expected the file in the storage, got {cause}; an attachment without it "
                        "may be left in ION, since {error}",
                        facts=self._facts,
                        cause=cause.text if cause else told("none there"),
                        error=error.text,
                    )
                ) from error
        self._errand.memory.keys.pop(self._errand.marker, None)
