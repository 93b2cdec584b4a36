// Thousands of lines in one picture, as ink: every line leaves the same amount in each pixel column it
// crosses, so that many lines over each other are darker, and none is lost (parallel coordinates).


// (height, width) amounts of ink, by colour.
export class Ink {
  readonly amount: Float32Array
  readonly red: Float32Array
  readonly green: Float32Array
  readonly blue: Float32Array

  constructor(
    readonly width: number,
    readonly height: number
  ) {
    const n = width * height
    this.amount = new Float32Array(n)
    this.red = new Float32Array(n)
    this.green = new Float32Array(n)
    this.blue = new Float32Array(n)
  }

  private put(at: number, ink: number, r: number, g: number, b: number) {
    this.amount[at] += ink
    this.red[at] += ink * r
    this.green[at] += ink * g
    this.blue[at] += ink * b
  }

  // The part of a line between two axes; `color` is [r, g, b], 0 to 255.
  line(left: number, right: number, from: number, to: number, color: readonly number[]) {
    const slope = (to - from) / (right - left)
    const last = this.height - 1
    for (let x = left; x < right; x++) {
      const begin = from + slope * (x - left)
      const end = begin + slope
      const [low, high] = begin < end ? [begin, end] : [end, begin]
      const top = Math.max(0, Math.floor(low))
      const bottom = Math.min(last, Math.floor(high))
      const ink = 1 / (bottom - top + 1)
      for (let y = top; y <= bottom; y++) this.put(y * this.width + x, ink, color[0], color[1], color[2])
    }
  }

  // Darkness grows with the logarithm of the ink: single lines stay visible beside thousands.
  paint(image: ImageData, faintest: number) {
    let most = 0
    for (const amount of this.amount) most = Math.max(most, amount)
    const scale = (1 - faintest) / Math.log1p(Math.max(1, most))
    for (let i = 0; i < this.amount.length; i++) {
      const amount = this.amount[i]
      if (amount === 0) continue
      image.data[4 * i] = this.red[i] / amount
      image.data[4 * i + 1] = this.green[i] / amount
      image.data[4 * i + 2] = this.blue[i] / amount
      image.data[4 * i + 3] = 255 * Math.min(1, Math.min(1, amount) * (faintest + scale * Math.log1p(amount)))
    }
  }
}
