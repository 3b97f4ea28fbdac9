"""A box in dots on a label, seen from what stands in it, turned by quarters."""

from dataclasses import dataclass

from printers.label import Align, Placed, VerticalAlign
from printers.media import Media


@dataclass(frozen=True, slots=True)
class Frame:
    """A box on the label; width and height are those that its content sees."""

    x: int
    """Left edge of the box on the label."""
    y: int
    width: int
    """Across the content: the height of the box on the label when that is turned by one or three quarters."""
    height: int
    turns: int = 0
    """Quarters clockwise, 0 to 3."""

    @classmethod
    def of(cls, element: Placed, size: Media, turns: int = 0) -> "Frame":
        """Round the box's edges, not its extents, so that what touches in the design touches in dots."""
        left, top = size.dots(element.x_mm), size.dots(element.y_mm)
        right = min(size.dots(element.x_mm + element.width_mm), size.width_dots)
        bottom = min(size.dots(element.y_mm + element.height_mm), size.height_dots)
        width, height = max(1, right - left), max(1, bottom - top)
        return cls(left, top, *((height, width) if turns % 2 else (width, height)), turns)

    def point(self, u: int, v: int) -> tuple[int, int]:
        """Return where a corner between dots lies on the label, given as the content sees it."""
        match self.turns:
            case 1:
                return self.x + self.height - v, self.y + u
            case 2:
                return self.x + self.width - u, self.y + self.height - v
            case 3:
                return self.x + v, self.y + self.width - u
            case _:
                return self.x + u, self.y + v

    def box(self, u: int, v: int, width: int, height: int) -> tuple[int, int, int, int]:
        """Return left, top, width and height on the label of a box within this one."""
        (left, top), (right, bottom) = self.point(u, v), self.point(u + width, v + height)
        return min(left, right), min(top, bottom), abs(right - left), abs(bottom - top)


def spare_before(align: Align, spare: int) -> int:
    """Return how many of the spare dots lie to the left."""
    return {Align.LEFT: 0, Align.CENTER: spare // 2, Align.RIGHT: spare}[align]


def spare_above(valign: VerticalAlign, spare: int) -> int:
    """Return how many of the spare dots lie above."""
    return {VerticalAlign.TOP: 0, VerticalAlign.MIDDLE: spare // 2, VerticalAlign.BOTTOM: spare}[valign]
