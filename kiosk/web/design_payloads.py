"""What the design page sends, checked at the edge."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from kiosk.web.payloads import SentPayload

MOST_SOURCE = 256 * 1024
Source = Annotated[str, StringConstraints(max_length=MOST_SOURCE)]
Target = Annotated[str, StringConstraints(max_length=80)]
Value = Annotated[str, StringConstraints(max_length=10_000)]
Values = dict[str, Value | list[dict[str, Value]]]
BoxKey = Literal["x_mm", "y_mm", "width_mm", "height_mm", "size_mm"]
Dots = Annotated[int, Field(ge=0, le=50_000)]


class DraftPayload(SentPayload):
    """A text to be checked and drawn."""

    source: Source
    target: Target
    values: Values | None = None


class ArrangePayload(SentPayload):
    """An element that was dragged."""

    source: Source
    target: Target
    element: str = Field(max_length=80)
    dots: dict[BoxKey, Dots] = Field(min_length=1)


class SavePayload(SentPayload):
    """A text to be kept; without ``base`` it may take the place of any other."""

    source: Source
    base: str | None = Field(default=None, max_length=64)


class RestorePayload(SentPayload):
    """A version to be used again."""

    version: int = Field(ge=0, le=999_999)
    base: str = Field(max_length=64)


class DeletePayload(SentPayload):
    """A design to be taken away."""

    base: str = Field(max_length=64)


class TestPayload(SentPayload):
    """A text to be printed once."""

    source: Source
    printer: Target
    values: Values = Field(default_factory=dict)


class SamplePayload(SentPayload):
    """A code, or a station whose screen is about something."""

    text: str | None = Field(default=None, max_length=4000)
    station: str | None = Field(default=None, max_length=64)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.station is None):
            raise ValueError("expected either text or station")
        return self
