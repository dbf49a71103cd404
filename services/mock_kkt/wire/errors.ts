import { Problem, type ProblemDocument } from '@kkt/platform/problem.ts'
import type { TaskError } from '../executor.ts'

/** An answer of the service in its own form: `{"error":{"code":505,"description":"…"}}`. */
export class ServiceError extends Problem {
  constructor(
    status: number,
    readonly error: TaskError,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(status, `error_${error.code}`, error.description, headers)
  }

  override toAnswer(): Response {
    const headers = { ...this.headers, 'content-type': 'application/json' }
    return new Response(JSON.stringify(this.toBody()), { status: this.status, headers })
  }

  override toDocument(): ProblemDocument & { error: TaskError } {
    return { ...super.toDocument(), ...this.toBody() }
  }

  toBody = () => ({ error: this.error })
}

/** The code of a 401, as it was seen. */
const NO_ACCESS = 505
/** The driver's code of JSON that is no task. */
const BAD_JSON = 501

const refusal = (status: number, description: string, code = status) => new ServiceError(status, { code, description })

// The real codes of these answers are not known, so they repeat the status.
export const notFound = (uuid: string) => refusal(404, `Задание ${uuid} не найдено`)
export const noDevice = (id: string) => refusal(404, `Нет устройства ${id}`)
export const notActive = () => refusal(403, 'Нет активного устройства: активируйте его (activateDevice)')
export const alreadyThere = (uuid: string) => refusal(409, `Задание ${uuid} уже есть`)
export const alreadyBegun = (uuid: string) => refusal(409, `Задание ${uuid} уже выполняется или выполнено`)
export const deviceThere = (id: string) => refusal(409, `Устройство ${id} уже есть`)
export const tooManyDevices = (most: number) => refusal(409, `Устройств уже ${most}: удалите одно`)
export const driverBusy = () => refusal(408, 'Драйвер занят')
export const badFormat = (error: TaskError) => new ServiceError(420, error)
export const badRequest = (description: string) => refusal(400, description, BAD_JSON)

/** 401, and how to say who one is. */
export const noAccess = () =>
  new ServiceError(
    401,
    { code: NO_ACCESS, description: 'Нет доступа: неверное имя пользователя или пароль' },
    { 'www-authenticate': 'Basic realm="kkt", charset="UTF-8"' },
  )
