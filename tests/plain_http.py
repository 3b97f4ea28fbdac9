"""httpx for lines that are not encrypted: the system's authorities are not read, which each call would do."""

from functools import partial

import httpx

from kiosk.ion.trust import NOBODY

Client = partial(httpx.Client, verify=NOBODY)
request = partial(httpx.request, verify=NOBODY)
get = partial(httpx.get, verify=NOBODY)
post = partial(httpx.post, verify=NOBODY)
put = partial(httpx.put, verify=NOBODY)
delete = partial(httpx.delete, verify=NOBODY)
