/** Samples at a time: 20 ms at 48 kHz, a packet of Opus. */
const block = 960;

/** Hands what a microphone hears to the page, two channels after another, where the browser has no shorter way. */
class AudioTap extends AudioWorkletProcessor {
  samples = new Float32Array(2 * block);
  filled = 0;

  process([[left, right = left] = []]) {
    if (!left) return true;
    for (let i = 0; i < left.length; i++) {
      this.samples[this.filled] = left[i];
      this.samples[block + this.filled] = right[i];
      if (++this.filled === block) this.hand();
    }
    return true;
  }

  hand() {
    this.port.postMessage(this.samples, [this.samples.buffer]);
    this.samples = new Float32Array(2 * block);
    this.filled = 0;
  }
}

registerProcessor('audio-tap', AudioTap);
