import type { Logger } from '@kkt/platform/logger.ts'
import type { Config } from './config.ts'
import type { KktDriver } from './kkt/driver.ts'

/** Says, in a line each, what an operator may have set without meaning it. */
export function tellCautions(config: Config, driver: Pick<KktDriver, 'isMock'>, logger: Logger): void {
  if (config.tokens === null) {
    const whoever = config.isOpen ? 'OPEN_ACCESS=true: everyone' : 'every program of this machine'
    const means = `${whoever} who reaches this port may sell, refund, and read all receipts; API_TOKENS_FILE gives each client a token`
    logger.warn('open_access', { host: config.host, means })
  }
  if (driver.isMock) {
    const means = 'KKT_MODE=mock: the documents are tests, and no buyer gets a fiscal receipt'
    logger.warn('mock_kkt', { means })
  }
  for (const variable of config.ignored) {
    const means = `DELIVERY=kkt: the cash register hands its documents to the OFD by itself, and ${variable} is not used`
    logger.warn('setting_ignored', { variable, means })
  }
  for (const { variable, host } of config.plainLinks) {
    const others = `${variable} is without TLS: everyone on the way to that host may`
    const means =
      variable === 'KKT_URL'
        ? `${others} read KKT_PASSWORD and have receipts printed; keep the cash register in the shop's own network`
        : `${others} read and change what is sent`
    logger.warn('plain_link', { variable, host, means })
  }
}
