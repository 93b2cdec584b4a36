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

  // The part of a line between two axes; `color` is [r, g, b], 0 to 255. The innermost loop of the
  // picture, so nothing is allocated in it.
  line(left: number, right: number, from: number, to: number, color: readonly number[]) {
    const { amount, red, green, blue, width } = this
    const r = color[0]
    const g = color[1]
    const b = color[2]
    const last = this.height - 1
    const slope = (to - from) / (right - left)
    let begin = from
    for (let x = left; x < right; x++) {
      const end = begin + slope
      const top = Math.max(0, Math.floor(begin < end ? begin : end))
      const bottom = Math.min(last, Math.floor(begin < end ? end : begin))
      const ink = 1 / (bottom - top + 1)
      for (let y = top, at = top * width + x; y <= bottom; y++, at += width) {
        amount[at] += ink
        red[at] += ink * r
        green[at] += ink * g
        blue[at] += ink * b
      }
      begin = end
    }
  }

  // Darkness grows with the logarithm of the ink: single lines stay visible beside thousands.
  // `faintest` is the opacity of a single line, `share` that of the whole picture.
  paint(image: ImageData, faintest: number, share: number) {
    let most = 0
    for (const amount of this.amount) most = Math.max(most, amount)
    const scale = (1 - faintest) / Math.log1p(Math.max(1, most))
    for (let i = 0; i < this.amount.length; i++) {
      const amount = this.amount[i]
      if (amount === 0) continue
      image.data[4 * i] = this.red[i] / amount
      image.data[4 * i + 1] = this.green[i] / amount
      image.data[4 * i + 2] = this.blue[i] / amount
      image.data[4 * i + 3] =
        255 * share * Math.min(1, Math.min(1, amount) * (faintest + scale * Math.log1p(amount)))
    }
  }
}
