"""What the scripts of a station's page and of a phone's say; each page brings these texts along."""

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
    N_("The camera is starting."),
    N_("The camera does not start. Take or choose a photo."),
    N_("This holds until the page is loaded again: the kiosk could not keep it."),
)
