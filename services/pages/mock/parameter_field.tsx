import { useId } from 'preact/hooks'
import { Prose } from '../kit/ui.tsx'
import type { Field } from './fields.ts'

type FieldProps = { field: Field; text: string; isWrong: boolean; onText: (text: string) => void }

/** A parameter with its limits and what it does. */
export function ParameterField(props: FieldProps) {
  const { name, schema, isRequired } = props.field
  const note = [schema.description, isRequired ? 'needed' : ''].filter(Boolean).join('; ')
  const choices = schema.enum ?? (schema.type === 'boolean' ? ['true', 'false'] : null)
  const id = useId()
  return (
    <label for={id}>
      <span>{name}</span>
      {choices ? <Choice {...props} id={id} choices={choices} /> : <Entry {...props} id={id} />}
      <small>
        <Prose text={note} />
      </small>
    </label>
  )
}

type InputProps = FieldProps & { id: string }
type ChoiceProps = InputProps & { choices: readonly string[] }

function Choice({ id, field: { name, schema }, text, isWrong, onText, choices }: ChoiceProps) {
  return (
    <select
      id={id}
      name={name}
      value={text}
      aria-invalid={isWrong || undefined}
      onChange={({ currentTarget }) => onText(currentTarget.value)}
    >
      <option value="">{schema.default === undefined ? 'as usual' : `as usual: ${schema.default}`}</option>
      {choices.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  )
}

function Entry({ id, field: { name, schema }, text, isWrong, onText }: InputProps) {
  const { type, minimum, maximum, default: usual } = schema
  const common = {
    id,
    name,
    autocomplete: 'off',
    spellcheck: false,
    placeholder: usual === undefined ? '' : String(usual),
    value: text,
    'aria-invalid': isWrong || undefined,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => onText(currentTarget.value),
  }
  if (type === 'string') return <input {...common} />
  return <input {...common} type="number" step={type === 'integer' ? '1' : 'any'} min={minimum} max={maximum} />
}
