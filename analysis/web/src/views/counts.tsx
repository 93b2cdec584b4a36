// How many runs there are, and what became of them. Each figure leads to its runs.
import { useStore } from '../state/store'
import { formatCount } from '../ui/format'

function Count({ n, name, href, bad }: { n: number; name: string; href?: string; bad?: boolean }) {
  const figure = (
    <>
      <b>{formatCount(n)}</b> <span>{name}</span>
    </>
  )
  return (
    <li class={bad && n > 0 ? 'bad' : undefined}>{href && n > 0 ? <a href={href}>{figure}</a> : figure}</li>
  )
}

export function Counts() {
  const store = useStore()
  const { counts, live } = store.report.json
  const only = (status: string) => store.href({ view: 'table', where: `status == "${status}"`, verdicts: [] })
  return (
    <div class="counts-band">
      <ul class="counts" aria-label="Runs">
        <Count n={counts.planned} name="planned" />
        <Count n={counts.done} name="done" href={only('done')} />
        <Count n={counts.diverged} name="diverged" href={only('diverged')} bad />
        <Count n={counts.failed} name="failed" href={only('failed')} bad />
        <Count n={counts.missing} name="missing" href={store.href({ view: 'table', missing: true })} bad />
      </ul>
      {live && (
        <p class="live" role="status">
          <span class="live-dot" aria-hidden="true" /> A job is still computing: this is what was finished
          when the report was written. Write it again for more.
        </p>
      )}
    </div>
  )
}
