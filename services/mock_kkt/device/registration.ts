import { randomBytes } from 'node:crypto'
import { TAXATION_SYSTEMS } from '@kkt/adapter/src/domain/taxation.ts'
import { z } from 'zod'
import { digits } from './sign.ts'

/** Manufacturers number test FNs with this prefix. */
const TEST_FN_PREFIX = '9999'
const FN_DIGITS = 16
const REGISTRATION_DIGITS = 16

const system = z.enum(TAXATION_SYSTEMS)
/** A receipt that names none is of the first. */
const taxationSystems = z.tuple([system], system).readonly()
export type TaxationSystems = z.infer<typeof taxationSystems>

/** The data under which a KKT is registered with the tax service. */
const registration = z.object({
  /** РНМ: 16 digits, given by the tax service. */
  registrationNumber: z.string(),
  /** ЗН: the maker's number of the KKT. */
  serialNumber: z.string(),
  seller: z.object({ name: z.string(), inn: z.string() }),
  address: z.string(),
  place: z.string(),
  /** The site at which a buyer checks the receipt. */
  fnsUrl: z.string(),
  taxationSystems,
  ffdVersion: z.literal('1.2'),
})
export type Registration = z.infer<typeof registration>

/** @throws ZodError for a text that is no registration */
export const readRegistration = (text: string): Registration => registration.parse(JSON.parse(text))

/** The identity of a new FN. */
export const newFn = () => ({
  fnNumber: TEST_FN_PREFIX + digits(randomBytes(8), FN_DIGITS - TEST_FN_PREFIX.length),
  signingKey: randomBytes(16).toString('hex'),
})

const MOST_SYSTEMS: TaxationSystems = ['osn', 'usn_income', 'usn_income_outcome', 'patent']

/**
 * The registration of a new device. Nobody can take it for a shop's: the INN has a right check digit and a number that
 * is given to nobody. Unless the systems are named, one is missing, so that a till can meet the refusal.
 */
export const newRegistration = (taxationSystems: TaxationSystems = MOST_SYSTEMS): Registration => ({
  registrationNumber: digits(randomBytes(8), 6).padStart(REGISTRATION_DIGITS, '0'),
  serialNumber: `TEST${digits(randomBytes(8), 10)}`,
  seller: { name: 'ООО "ТЕСТ"', inn: '7700000009' },
  address: 'г. Москва, ул. Тестовая, д. 1',
  place: 'Тестовый магазин',
  fnsUrl: 'www.nalog.gov.ru',
  taxationSystems,
  ffdVersion: '1.2',
})
