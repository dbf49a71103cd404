import { MAX_ID_LENGTH } from '@kkt/fault-kit/fields.ts'
import { z } from 'zod'
import type { RequestJournal } from './journal/requests.ts'
import { deviceThere, noDevice, tooManyDevices } from './wire/errors.ts'

/** More than a test adds. */
export const MAX_DEVICES = 100

export const deviceForm = z.looseObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,16}$/, 'takes 1 to 16 of A-Z, a-z, 0-9, _ and -')
    .meta({ description: 'Its name in requests' }),
  name: z.string().max(MAX_ID_LENGTH).default('').meta({ description: 'Its name for people' }),
  connectionSettings: z
    .looseObject({})
    .default({})
    .meta({ description: 'The way to it: model, port, ofdChannel and others. Kept, and not used' }),
  otherSettings: z.looseObject({}).default({}).meta({ description: 'Kept, and not used' }),
  isActive: z.boolean().default(false).meta({ description: 'Whether tasks go to it' }),
  isDefault: z.boolean().default(false).meta({ description: 'Whether it is meant where a request names none' }),
})
export type Device = z.output<typeof deviceForm>

const THE_REGISTER: Device = {
  id: 'kkt',
  name: 'Mock KKT',
  connectionSettings: { model: 500, port: 'tcp', ofdChannel: 'auto' },
  otherSettings: {},
  isActive: true,
  isDefault: true,
}

export type Devices = ReturnType<typeof createDevices>
const NAME = 'devices'

/**
 * The registers that the service knows. All lead to the same one, and at most one is active.
 * @param startsActive whether a new service has an active one
 */
export function createDevices(journal: Pick<RequestJournal, 'readValue' | 'keepValue'>, startsActive: boolean) {
  const atFirst = startsActive ? [THE_REGISTER] : []
  let devices: readonly Device[] = z.array(deviceForm).parse(journal.readValue(NAME) ?? atFirst)

  function keep(next: readonly Device[]): void {
    devices = next
    journal.keepValue(NAME, next)
  }

  /** @throws ServiceError 404 */
  function find(id: string): Device {
    const found = devices.find((device) => (id === 'default' ? device.isDefault : device.id === id))
    if (!found) throw noDevice(id)
    return found
  }

  /** A device that is active or the default takes that from the others. */
  const besides = (device: Device): Device[] => [
    ...devices
      .filter(({ id }) => id !== device.id)
      .map((other) => ({
        ...other,
        isActive: other.isActive && !device.isActive,
        isDefault: other.isDefault && !device.isDefault,
      })),
    device,
  ]

  return {
    find,
    /** @throws ServiceError 409 */
    add(device: Device): Device {
      if (devices.some(({ id }) => id === device.id)) throw deviceThere(device.id)
      if (devices.length >= MAX_DEVICES) throw tooManyDevices(MAX_DEVICES)
      const added = { ...device, isDefault: device.isDefault || devices.length === 0 }
      keep(besides(added))
      return added
    },
    /** Takes the place of the device with its id. */
    keep(device: Device): Device {
      keep(besides(device))
      return device
    },
    /** @throws ServiceError 404 */
    remove(id: string): void {
      const { id: removed } = find(id)
      keep(devices.filter((device) => device.id !== removed))
    },
    isActive: (id: string): boolean => find(id).isActive,
    isAnyActive: () => devices.some(({ isActive }) => isActive),
  }
}
