import { useMemo, useRef, useState } from 'preact/hooks'
import { type InputError, Refused } from '../kit/ask.ts'
import { Prose } from '../kit/ui.tsx'
import { inWords } from './control.ts'
import { CurlButton } from './curl.tsx'
import { type Field, fieldAt, fieldsOf, initialTexts, isAboutWhen, type Texts, valuesOf } from './fields.ts'
import { useSurroundings } from './page.ts'
import { ParameterField } from './parameter_field.tsx'
import { isSwitch, off, on } from './plan.ts'
import type { Fault } from './wire.ts'

const STRIKES = { any: 'any call', lookup: 'look-ups', submit: 'submissions' } as const

/** A fault with its parameters, to put on and to end. */
export function FaultCard({ fault, isOn, isHidden }: { fault: Fault; isOn: boolean; isHidden: boolean }) {
  const { configure } = useSurroundings()
  const { name, summary } = fault
  const fields = useMemo(() => fieldsOf(fault.parameters), [fault])
  const [texts, setTexts] = useState(() => initialTexts(fault))
  const [wrong, setWrong] = useState<Refused | null>(null)
  const details = useRef<HTMLDetailsElement>(null)
  const put = useRef<HTMLButtonElement>(null)

  const plan = () => ({ [name]: on(fault, valuesOf(fields, texts)) })
  const change = async (to: Readonly<Record<string, unknown>>, done: string) => {
    setWrong(null)
    try {
      await configure(to, done)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setWrong(error)
      if (details.current) details.current.open = true
    }
  }
  const putOn = (event: Event) => {
    event.preventDefault()
    void change(plan(), `${name} is on`)
  }
  const end = () => {
    // The button that has the focus goes away.
    put.current?.focus()
    void change({ [name]: off(fault) }, `${name} is ended`)
  }
  return (
    <li class={isOn ? 'card on' : 'card'} hidden={isHidden}>
      <form noValidate onSubmit={putOn}>
        <div class="heading">
          <h3>{name}</h3>
          <span class="state">{isOn && 'on'}</span>
          <CurlButton name={name} change={plan} />
          <button type="button" aria-label={`End ${name}`} hidden={!isOn} onClick={end}>
            End
          </button>
          <button type="submit" ref={put}>
            <span>
              Put <span class="only-heard">{name} </span>on
            </span>
          </button>
        </div>
        <p>
          <Prose text={summary} />
        </p>
        <p class="wrong" role="alert">
          {wrong && troubleOf(wrong)}
        </p>
        <details ref={details} hidden={isSwitch(fault)}>
          <summary>Parameters</summary>
          <Parameters
            fault={fault}
            fields={fields}
            texts={texts}
            errors={wrong?.errors ?? []}
            onText={(field, text) => setTexts((before) => ({ ...before, [field]: text }))}
          />
          <p class="as-json">
            As JSON <code class="written">{JSON.stringify(plan())}</code>
          </p>
        </details>
      </form>
    </li>
  )
}

function troubleOf(refused: Refused): string {
  if (refused.errors.length === 0) return inWords(refused)
  return refused.errors.map(({ pointer, message }) => `${fieldAt(pointer)} ${message}`.trim()).join('; ')
}

type ParametersProps = {
  fault: Fault
  fields: readonly Field[]
  texts: Texts
  errors: readonly InputError[]
  onText: (field: string, text: string) => void
}

function Parameters({ fault, fields, texts, errors, onText }: ParametersProps) {
  const wrong = errors.map(({ pointer }) => fieldAt(pointer))
  const shown = (some: readonly Field[]) =>
    some.map((field) => (
      <ParameterField
        key={field.name}
        field={field}
        text={texts[field.name] ?? ''}
        isWrong={wrong.includes(field.name)}
        onText={(text) => onText(field.name, text)}
      />
    ))
  const own = fields.filter((field) => !isAboutWhen(field))
  const when = fields.filter(isAboutWhen)
  return (
    <>
      {own.length > 0 && <fieldset>{shown(own)}</fieldset>}
      {when.length > 0 && (
        <fieldset>
          <legend>When (usually {STRIKES[fault.operation]})</legend>
          {shown(when)}
        </fieldset>
      )}
    </>
  )
}
