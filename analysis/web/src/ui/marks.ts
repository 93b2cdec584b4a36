// Where a log axis from `low` to `high` is marked: at decades; where it spans hardly one, at 1, 2 and 5 of
// each. On either side of 0 they go down to `near`, within which the axis is linear (asinh); an axis that is
// all on one side needs none.
export function logMarks(low: number, high: number, near: number): number[] {
  const most = Math.max(Math.abs(low), Math.abs(high))
  const least = low > 0 ? low : high < 0 ? -high : near
  if (!(least > 0) || !Number.isFinite(most)) return [0]
  const marks = (mantissas: number[]): number[] => {
    const sizes: number[] = []
    for (let e = Math.floor(Math.log10(least)); e <= Math.log10(most); e++)
      for (const m of mantissas) if (low > 0 || high < 0 || m * 10 ** e > near) sizes.push(m * 10 ** e)
    const both = [...sizes.map((v) => -v).reverse(), 0, ...sizes]
    return both.filter((v) => v >= low && v <= high)
  }
  const decades = marks([1])
  return decades.length >= 2 ? decades : marks([1, 2, 5])
}
