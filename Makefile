# make demo     set up, then run everything on this machine     (make demo ARGS="--port 9090")
# make test     set up, then lint, types and every test          (make test ARGS="tests/barcodes -x" for some)
# make check    set up, then lint, types and import contracts: the quick half
# make bench    set up, then measure                             (make bench ARGS="decode")
# make soak     set up, then cut the power, kill the service and let ION fail, for hours; not part of make test
# make pictures  set up, then take a picture of every screen and page, in both lights   (make pictures ARGS="FOLDER run")
# make test-kernel   scanners and a printer on a real Linux kernel in a virtual machine; not part of make test
#
# What each does stands in .ci/. The environment is .venv; PYTHON=python3.12 chooses another Python.

.PHONY: demo test check bench soak test-kernel pictures
demo test check bench soak test-kernel pictures:
	@.ci/$@ $(ARGS)
