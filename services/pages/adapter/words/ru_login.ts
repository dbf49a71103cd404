import { counted } from '@kkt/platform/language.ts'
import type { access as enAccess, login as enLogin } from './en_login.ts'

export const login: typeof enLogin = {
  title: 'Вход',
  text: 'Этот адаптер доступен по токену. Введите токен оператора.',
  token: 'Токен',
  enter: 'Войти',
  leave: 'Выйти',
  wrong: 'Адаптер не знает такого токена. Проверьте, что он введён целиком.',
  notOperator: 'Это не токен оператора: страниц он не открывает.',
  tooMany: 'Из этой сети пришло слишком много неверных токенов. Подождите минуту и введите верный.',
}

export const access: typeof enAccess = {
  open: 'открыт всем, кому доступен порт',
  tokens: (count) => counted('ru', count, { one: 'токен', few: 'токена', many: 'токенов', other: 'токена' }),
}
