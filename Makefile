# make demo     set up, then run everything on this machine     (make demo ARGS="--port 9090")
# make test     set up, then lint, types and every test          (make test ARGS="tests/barcodes -x" for some)
# make check    set up, then lint, types, import contracts, bandit and pip-audit: the quick half
# make bench    set up, then measure                             (make bench ARGS="decode")
# make soak     set up, then cut the power, kill the service and let ION fail, for hours; not part of make test
# make pictures  set up, then take a picture of every screen and page, in both lights   (make pictures ARGS="FOLDER run")
# make test-kernel   scanners and a printer on a real Linux kernel in a virtual machine; not part of make test
# make test-install  install and uninstall in a Debian of their own; not part of make test
# make install       make this machine a kiosk, or bring it up to date   (as root; make install ARGS="--no-browser")
# make uninstall     take it off again; the data stay                    (as root; make uninstall ARGS="--purge")
#
# What each does stands in .ci/. The environment is .venv; PYTHON=python3.12 chooses another Python.

.PHONY: demo test check bench soak test-kernel test-install pictures install uninstall
demo test check bench soak test-kernel test-install pictures:
	@.ci/$@ $(ARGS)
install uninstall:
	@systemd/$@ $(ARGS)
