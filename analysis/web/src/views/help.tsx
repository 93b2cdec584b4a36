// Keys, the language of the filter, and what the verdicts mean.
import { useEffect, useRef } from 'preact/hooks'

import { useReport } from '../state/store'
import { VerdictLabel } from '../ui/verdict'

const KEYS: [string[], string][] = [
  [['←', '→', '↑', '↓'], 'move in atlas and table; previous and next run'],
  [['Enter'], 'open the run'],
  [['c'], 'into the tray, or out of it'],
  [['s'], 'star'],
  [['/'], 'to the filter'],
  [['1', '2', '3', '4'], 'overview, atlas, table, compare'],
  [['+', '−', '0'], 'zoom pictures that have the focus; the wheel and dragging do too'],
  [['Esc'], 'close; leave the filter; back from a run'],
  [['?'], 'this']
]

const EXAMPLES: [string, string][] = [
  ['exc_gain > 0.02 && layer == "relu4_3"', 'wins of one layer'],
  ['verdict == "sparse" || verdict == "tradeoff"', 'by verdict'],
  ['status != "done"', 'what went wrong'],
  ['exc_gain + 0.5*effect > 0.3', 'sums of figures'],
  ['abs(exc_gain) < 0.05 && !(lambda == 0)', 'abs, min, max; not']
]

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const report = useReport()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="dialog help" aria-label="Help" onClose={onClose}>
      <header>
        <h2>Help</h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          close
        </button>
      </header>
      <div class="help-columns">
        <section>
          <h3>Keys</h3>
          <dl class="keys">
            {KEYS.map(([keys, what]) => (
              <div key={what}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <h3>Filter</h3>
          <p class="faint">
            As <code>vggsweep rank --where</code>: columns, figures, texts in quotes.
          </p>
          <dl class="examples">
            {EXAMPLES.map(([text, what]) => (
              <div key={text}>
                <dt>
                  <code>{text}</code>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section>
          <h3>Verdicts</h3>
          <dl class="verdict-list">
            {report.json.verdicts.map((v) => (
              <div key={v.name}>
                <dt>
                  <VerdictLabel name={v.name} />
                </dt>
                <dd>
                  {v.meaning}
                  <span class="faint block">{v.rule}</span>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </dialog>
  )
}
