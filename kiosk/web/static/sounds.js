// Three sounds that differ in pitch and rhythm: up for good, twice the same to ask, low and long to stop.

const NOTES = {
  good: [[880, 0, 0.07], [1320, 0.09, 0.09]],
  ask: [[740, 0, 0.1], [740, 0.18, 0.1]],
  stop: [[196, 0, 0.5]],
};

const GAINS = { off: 0, low: 0.05, middle: 0.2, high: 0.7 };

let context = null;

export function startSounds() {
  // A browser that is no kiosk plays nothing before the first touch.
  window.addEventListener("pointerdown", () => { ready()?.resume(); }, { once: true });
}

function ready() {
  if (context === null && window.AudioContext) context = new AudioContext();
  return context;
}

export function play(level) {
  document.body.dataset.sound = `${Number.parseInt(document.body.dataset.sound ?? "0", 10) + 1} ${level}`;
  const gain = GAINS[document.documentElement.dataset.volume] ?? GAINS.middle;
  const audio = gain > 0 && NOTES[level] && ready();
  if (!audio || audio.state !== "running") return;
  for (const [pitch, start, length] of NOTES[level]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const at = audio.currentTime + start;
    tone.type = level === "stop" ? "square" : "sine";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(gain, at + 0.01);
    volume.gain.linearRampToValueAtTime(0, at + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + length);
  }
}
