"""An ION to run against, and a label printer: executable stand-ins for the two far ends of the kiosk."""
