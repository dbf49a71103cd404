/** Documents, and parts of them, that are made from the code. `tests/harness/bun tests/harness/documents/made.ts` rewrites them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkTable } from './check_table.ts'
import { faultTable, kktFaultTable, registerFaultTable } from './fault_table.ts'
import { OPENAPI_DOCUMENTS } from './openapi_documents.ts'
import { stateDiagram } from './state_diagram.ts'

const root = resolve(import.meta.dir, '../../..')

/** A part stands between `<!-- name -->` and `<!-- /name -->`. */
export type Part = { document: string; name: string; make: () => string }

export const PARTS: readonly Part[] = [
  { document: 'services/fault_kit/README.md', name: 'faults', make: faultTable },
  { document: 'services/fault_kit/README.md', name: 'kkt_faults', make: kktFaultTable },
  { document: 'services/fault_kit/README.md', name: 'register_faults', make: registerFaultTable },
  { document: 'services/mock_ofd/README.md', name: 'checks', make: checkTable },
  { document: 'services/kkt_adapter/README.md', name: 'states', make: stateDiagram },
]

/** @throws Error when the document has no place for the part */
export function withPart(text: string, { document, name, make }: Part): string {
  const between = new RegExp(`(?<=<!-- ${name} -->\n).*?(?=<!-- /${name} -->)`, 's')
  if (!between.test(text)) throw new Error(`${document} has no lines <!-- ${name} --> and <!-- /${name} -->`)
  return text.replace(between, () => make())
}

/** Writes each part into its document below a folder, and each document that is made whole. */
export async function writeMade(folder: string): Promise<void> {
  for (const part of PARTS) {
    const path = resolve(folder, part.document)
    writeFileSync(path, withPart(readFileSync(path, 'utf8'), part))
  }
  for (const { path, make } of OPENAPI_DOCUMENTS) writeFileSync(resolve(folder, path), await make())
}

if (import.meta.main) await writeMade(root)
