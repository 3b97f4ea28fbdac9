"""The kiosk as its users run it: a process, a serial line, an ION over HTTP, a printer on TCP."""
