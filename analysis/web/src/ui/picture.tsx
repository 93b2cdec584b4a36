// A run's final picture in a zoom frame, and the thumbnails of atlas, table and strips.
import { closeUrl, hasPicture, pictureUrl, thumbnailStyle } from '../data/pictures'
import { useReport } from '../state/store'
import { runAlt } from './format'
import { verdictName } from './verdict'
import { ZoomFrame } from './zoom'

export function Picture({ row }: { row: number }) {
  const report = useReport()
  const alt = runAlt(report, row)
  if (!hasPicture(report, row)) return <NoPicture why={`${verdictName(report, row)}: no picture`} />
  return (
    <ZoomFrame label={alt}>
      {(style) => <CloseImage url={closeUrl(report, row)} alt={alt} style={style} />}
    </ZoomFrame>
  )
}

// In a zoom frame. Vectors have no pixels to be shown.
export function CloseImage({ url, alt, style }: { url: string; alt: string; style: Record<string, string> }) {
  const shown = url.endsWith('.svg') ? { ...style, imageRendering: 'auto' } : style
  return <img src={url} alt={alt} style={shown} draggable={false} />
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

export interface ThumbnailProps {
  row: number
  size: number // px
  fromSheet?: boolean // where many of a layer and lambda are shown: one file for all of them
}

// Decoration: what is around it has the name. A sheet is large to decode for one picture of it, so
// those that stand alone are the picture itself.
export function Thumbnail({ row, size, fromSheet = false }: ThumbnailProps) {
  const report = useReport()
  if (!hasPicture(report, row)) {
    return (
      <span class="thumb none" style={{ width: `${size}px`, height: `${size}px` }} aria-hidden="true">
        {size >= NAME_FROM && verdictName(report, row)}
      </span>
    )
  }
  if (!fromSheet || size * devicePixelRatio > STRETCH * report.json.thumbnail.side)
    return (
      <img
        class="thumb"
        src={pictureUrl(report, row)}
        alt=""
        width={size}
        height={size}
        loading="lazy"
        decoding="async"
        draggable={false}
      />
    )
  return <span class="thumb" style={thumbnailStyle(report, row, size)} aria-hidden="true" />
}
