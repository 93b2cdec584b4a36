// Thousands of lines in one picture, as ink: every line leaves the same amount in each pixel column it
// crosses, so that many lines over each other are darker, and none is lost (parallel coordinates).
import { at } from '../data/at'

export type Color = readonly [red: number, green: number, blue: number] // 0 to 255

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

  // The part of a line between two axes; The innermost loop of the
  // picture, so nothing is allocated in it.
  line(left: number, right: number, from: number, to: number, [r, g, b]: Color) {
    const { amount, red, green, blue, width } = this
    const last = this.height - 1
    const slope = (to - from) / (right - left)
    let begin = from
    for (let x = left; x < right; x++) {
      const end = begin + slope
      const top = Math.max(0, Math.floor(begin < end ? begin : end))
      const bottom = Math.min(last, Math.floor(begin < end ? end : begin))
      const ink = 1 / (bottom - top + 1)
      for (let y = top, place = top * width + x; y <= bottom; y++, place += width) {
        amount[place] = at(amount, place) + ink
        red[place] = at(red, place) + ink * r
        green[place] = at(green, place) + ink * g
        blue[place] = at(blue, place) + ink * b
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
      const amount = at(this.amount, i)
      if (amount === 0) continue
      image.data[4 * i] = at(this.red, i) / amount
      image.data[4 * i + 1] = at(this.green, i) / amount
      image.data[4 * i + 2] = at(this.blue, i) / amount
      image.data[4 * i + 3] =
        255 * share * Math.min(1, Math.min(1, amount) * (faintest + scale * Math.log1p(amount)))
    }
  }
}
