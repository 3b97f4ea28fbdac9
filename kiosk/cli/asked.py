"""``kiosk decode``: what a barcode means, and why it is not something else."""

import json
import sys
from collections.abc import Iterator

import click

from kiosk.barcodes import Readings, read, to_json
from kiosk.cli.options import json_option


@click.command()
@click.argument("text", required=False)
@click.option("--lines", is_flag=True, help="Read a JSON string a line, write a JSON object a line.")
@json_option
def decode(text: str | None, *, lines: bool, as_json: bool) -> None:
    """Say what a barcode means: TEXT, or standard input where TEXT is left out or is a dash."""
    if lines:
        for raw in _strings():
            click.echo(json.dumps(to_json(read(raw)), ensure_ascii=True))
        return
    readings = read(_piped() if text in {None, "-"} else _bytes(text or ""))
    if as_json:
        click.echo(json.dumps(to_json(readings), ensure_ascii=True))
        return
    click.echo(_table(readings))
    sys.exit(0 if readings.readings else 1)


def _piped() -> bytes:
    """Return standard input without its last line end, which is the pipe's and not the barcode's."""
    raw = sys.stdin.buffer.read()
    return raw.removesuffix(b"\n").removesuffix(b"\r") if raw.endswith(b"\n") else raw


def _strings() -> Iterator[bytes]:
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            value = json.loads(line)
        except ValueError as error:
            raise click.ClickException(
                f"line {number}: expected a JSON string, got {line[:40]!r}."
            ) from error
        if not isinstance(value, str):
            raise click.ClickException(f"line {number}: expected a JSON string, got {type(value).__name__}.")
        yield _bytes(value)


def _bytes(text: str) -> bytes:
    """Return a text as UTF-8; a lone surrogate is the byte that Python made it of, or stays what it is."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _table(readings: Readings) -> str:
    lines = [f"{readings.shown}   {readings.symbology or 'no symbology identifier'}"]
    found = to_json(readings)["readings"]
    for reading in found if isinstance(found, list) else []:
        facts = {name: value for name, value in reading.items() if name != "kind"}
        lines.append(f"  {reading['kind']:<12} {json.dumps(facts, ensure_ascii=True)}")
    lines += [f"  not {rejected.kind:<12} {rejected.reason}" for rejected in readings.rejected]
    return "\n".join(lines)
