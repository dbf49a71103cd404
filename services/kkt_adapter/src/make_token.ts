/**
 * Makes a token and prints it once, on stderr. Its line for the file of API_TOKENS_FILE goes to stdout, so that `>>` puts
 * it there: `bun make_token.ts till-1 till POS-001 >> tokens`.
 */
import { BadTokens, lineFor, newToken } from './access/tokens.ts'

const USAGE = `make_token.ts makes a token. It takes a name, a role, and for a till its pos_ids with commas between them:
  till-1 till POS-001         sells for POS-001, and reads its receipts
  office operator             does everything
  prometheus metrics          reads /metrics and /v1/health
`
const WRONG_USE = 2

function main(words: readonly string[]): number {
  const token = newToken()
  try {
    const line = lineFor(token, words)
    process.stderr.write(`The token of ${words[0]}, which is shown only now:\n${token}\n`)
    process.stdout.write(`${line}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof BadTokens)) throw error
    process.stderr.write(`It ${error.message}.\n\n${USAGE}`)
    return WRONG_USE
  }
}

process.exitCode = main(process.argv.slice(2))
