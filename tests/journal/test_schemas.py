from contextlib import closing
from pathlib import Path

from tests.journal.opened import opened, rows_of

URL = "https://api.ion.test/graphql"


def test_a_schema_is_kept_and_replaced(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        assert journal.schemas.schema(URL) is None
        journal.schemas.keep_schema(URL, '{"a": "ü"}', "1" * 64)
        journal.schemas.keep_schema("https://other.test/graphql", "{}", "2" * 64)
        kept = journal.schemas.schema(URL)
        assert kept is not None
        assert (kept.text, kept.digest) == ('{"a": "ü"}', "1" * 64)
        journal.schemas.keep_schema(URL, '{"b": 1}', "3" * 64)
        kept = journal.schemas.schema(URL)
        assert kept is not None
        assert (kept.text, kept.digest) == ('{"b": 1}', "3" * 64)
    with closing(opened(tmp_path)) as journal:
        again = journal.schemas.schema(URL)
        assert again == kept


def test_a_change_of_the_schema_is_in_the_audit_and_a_renewal_is_not(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        for digest in ("1" * 64, "1" * 64, "2" * 64):
            journal.schemas.keep_schema(URL, "{}", digest)
        assert journal.first_break() is None
    with rows_of(tmp_path) as connection:
        found = connection.execute("SELECT count(*) FROM audit WHERE event = 'schema-kept'").fetchone()
    assert found == (2,)


def test_bytes_that_are_no_schema_are_none(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        journal.schemas.keep_schema(URL, "{}", "1" * 64)
    with rows_of(tmp_path) as connection:
        connection.execute("UPDATE schemas SET content = x'00ff'")
    with closing(opened(tmp_path)) as journal:
        assert journal.schemas.schema(URL) is None
