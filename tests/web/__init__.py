"""The web half against a station in memory."""
