// A run's final picture in a zoom frame, and the thumbnails of atlas, table and strips.
import { hasPicture, pictureUrl, thumbnailStyle } from '../data/pictures'
import { useReport } from '../state/store'
import { runAlt } from './format'
import { verdictName } from './verdict'
import { ZoomFrame } from './zoom'

export function Picture({ row }: { row: number }) {
  const report = useReport()
  const alt = runAlt(report, row)
  if (!hasPicture(report, row)) return <NoPicture why={`${verdictName(report, row)}: no picture`} />
  return (
    <ZoomFrame label={alt}>{(style) => <img src={pictureUrl(report, row)} alt={alt} style={style} draggable={false} />}</ZoomFrame>
  )
}

export function NoPicture({ why }: { why: string }) {
  return (
    <div class="frame none">
      <span>{why}</span>
    </div>
  )
}

// Thumbnails stretched further than this are replaced by the picture itself.
const STRETCH = 1.4
const NAME_FROM = 56 // px that have room for a word

// Decoration: what is around it has the name.
export function Thumbnail({ row, size }: { row: number; size: number }) {
  const report = useReport()
  if (!hasPicture(report, row)) {
    return (
      <span class="thumb none" style={{ width: `${size}px`, height: `${size}px` }} aria-hidden="true">
        {size >= NAME_FROM && verdictName(report, row)}
      </span>
    )
  }
  if (size * devicePixelRatio > STRETCH * report.json.thumbnail.side)
    return <img class="thumb" src={pictureUrl(report, row)} alt="" width={size} height={size} loading="lazy" draggable={false} />
  return <span class="thumb" style={thumbnailStyle(report, row, size)} aria-hidden="true" />
}
