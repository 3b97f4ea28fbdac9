"""From a barcode's readings to what it says about goods, and to the things in ION that it can mean."""

from kiosk.resolve.goods_label import GoodsLabel, fields_of, goods_label
from kiosk.resolve.meaning import Ask, Resolution, questions, resolve

__all__ = ["Ask", "GoodsLabel", "Resolution", "fields_of", "goods_label", "questions", "resolve"]
