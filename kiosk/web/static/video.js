// This device's camera: opening it, and what is said where that does not work.

const REFUSED = {
  NotAllowedError: "The browser may not use the camera. Allow it, or take a photo.",
  NotFoundError: "There is no camera here. Take or choose a photo.",
  NotReadableError: "Another program has the camera. Close it, or take a photo.",
};

const NO_WAY = "No camera here can be used. Ask a technician.";
const isAlone = matchMedia("(display-mode: fullscreen)"); // on a kiosk's own screen nobody chooses a file

/** Returns the camera's stream, or null once `say` was told why there is none. */
export async function openCamera(width, height, say) {
  if (!navigator.mediaDevices?.getUserMedia) {
    say(isAlone.matches ? NO_WAY : "The browser gives the camera only to https pages. Take or choose a photo.");
    return null;
  }
  say("The camera is starting.");
  const wanted = { facingMode: "environment", width: { ideal: width }, height: { ideal: height } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  } catch (error) {
    say(isAlone.matches ? NO_WAY : (REFUSED[error.name] ?? "The camera does not start. Take or choose a photo."));
    return null;
  }
}

export function stopTracks(media) {
  for (const track of media?.getTracks() ?? []) track.stop();
}
