"""A configuration with something wrong in each of its parts."""

__all__ = ["FAULTY"]

FAULTY = """
webb = 1
[ion]
url = "ftp://x"
token_url = "http://x"
client_id = ""
dialect = "esperanto"
[web]
port = 70000
[[stations]]
name = "a b"
flows = ["dance"]
printer = "nobody"
[[stations]]
name = "dock"
[[stations]]
name = "dock"
[[scanners]]
name = "gun"
station = "nowhere"
port = ""
[[printers]]
name = "zebra"
url = "somewhere"
dpi = 5
"""
