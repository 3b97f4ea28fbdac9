"""What scripts say; each page brings the texts of its own scripts along."""

from kiosk.words import N_

SCRIPT_WORDS: tuple[str, ...] = (
    N_("Hold the barcode before the camera."),
    N_("This browser cannot read barcodes from the camera. Take or choose a photo."),
    N_("{count} barcodes. Which one?"),
    N_("The photo is larger than 12 megabytes. Take a smaller one."),
    N_("Reading the photo."),
    N_("The kiosk does not answer. It is not sure that this photo was taken."),
    N_("The screen had changed. Look again, then press."),
    N_("The kiosk did not take this."),
    N_("The kiosk does not answer. It is not sure that this was taken."),
    N_("Hold still, then take it."),
    N_("This browser cannot show the photo. Keep it?"),
    N_("Keep it?"),
    N_("The kiosk takes the photo."),
    N_("The kiosk does not answer. Keep it once more."),
    N_("Sending. Stay on this page."),
    N_("It did not arrive. Go nearer to the Wi-Fi and take it again: it is kept once."),
    N_("The kiosk does not answer. It is not sure that this scan was taken."),
    N_("The browser may not use the camera. Allow it, or take a photo."),
    N_("There is no camera here. Take or choose a photo."),
    N_("Another program has the camera. Close it, or take a photo."),
    N_("The browser gives the camera only to https pages. Take or choose a photo."),
    N_("No camera here can be used. Ask a technician."),
    N_("The camera is starting."),
    N_("The camera does not start. Take or choose a photo."),
    N_("This holds until the page is loaded again: the kiosk could not keep it."),
)
"""On a station's page and a phone's."""

WORKBENCH_WORDS: tuple[str, ...] = (
    N_("The test waits for {printer}."),
    N_("The test waits: {printer} is paused."),
    N_("The test is being sent to {printer}."),
    N_("The test was sent to {printer}. Look whether it came out."),
    N_("The test came out of {printer}."),
    N_("Sending broke off. Look whether {printer} printed the test."),
    N_("{printer} did not print the test. The page Printers says why."),
    N_("Choose a printer to print a test."),
    N_("This printer sets the label itself: its dots can differ."),
    N_("There is a design {name} already. Open it, or save under another name."),
    N_("There is a design {name} already. Replace it, or leave it."),
    N_("Saved as version {version}. Labels are made of it from now on."),
    N_("These are the values of a real one."),
    N_("{name}, line {line}"),
    N_("{name}: {x} × {y}, {width} × {height} dots"),
    N_(
        "{name}: {x} × {y}, {width} × {height} dots. "
        "Move it in the text: it is not written so that it can be dragged."
    ),
    N_("{file} is kept beside the designs, and stands at the end of the text."),
    N_("Add a row"),
    N_("Remove this row"),
    N_("The kiosk does not answer. Nothing was changed."),
    N_("The kiosk was started anew. Copy your text, then load this page again."),
    N_("Line {line}: {text}"),
)
"""On the pages of label designs."""
