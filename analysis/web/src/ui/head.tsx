// The head of a table's column. Over figures it stands at the right, as they do.
import type { ComponentChildren } from 'preact'

export interface HeadProps {
  children: ComponentChildren
  figures?: boolean
  span?: number // columns
  title?: string
}

export function Head({ children, figures = false, span, title }: HeadProps) {
  return (
    <th scope="col" class={figures ? 'number' : undefined} colSpan={span} title={title}>
      {children}
    </th>
  )
}
