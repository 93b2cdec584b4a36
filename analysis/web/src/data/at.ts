// An element of a list by its place. Places are made together with the lists that they lead into (rows, codes of
// words, numbers of verdicts), so one outside is a mistake of this page, or data that are no report: it is
// told where it happens, and does not wander on as undefined.
export function at<T>(list: ArrayLike<T>, place: number): T {
  const element = list[place]
  if (element === undefined) throw new RangeError(`place ${place} of a list of ${list.length}`)
  return element
}
