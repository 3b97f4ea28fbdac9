"""ION Kiosk: barcode scans in, ION operations and labels out."""

__version__ = "0.1.0"
