// Two soft tones, made on the spot: no file to load. A browser lets us make them once somebody has
// clicked on the page.

const TONES = [660, 880]; // Hz
const APART = 0.14; // seconds

let context: AudioContext | null = null;

export function chime(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    TONES.forEach((hertz, place) => tone(context as AudioContext, hertz, place * APART));
  } catch {
    // No sound on this device: the title and the list say it too.
  }
}

function tone(on: AudioContext, hertz: number, after: number): void {
  const [oscillator, gain, start] = [on.createOscillator(), on.createGain(), on.currentTime + after];
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.08, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.4);
  oscillator.connect(gain).connect(on.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.45);
}
