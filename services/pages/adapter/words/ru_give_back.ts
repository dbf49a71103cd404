import type { giveBack as enGiveBack } from './en_give_back.ts'

/** A receipt's page gives money back and puts the receipt right. */
export const giveBack: typeof enGiveBack = {
  refund: 'Возврат',
  left: (quantity) => `осталось: ${quantity}`,
  payment: 'Чем вернуть',
  refundFor: (sum) => `Вернуть ${sum}`,
  askRefund: (sum, payment) => `ККТ напечатает возврат на ${sum} (${payment}). Продолжить?`,
  refunded: (fd) => `Возврат оформлен документом ${fd}.`,
  putRight: 'Исправить чек',
  putRightText:
    'ККТ напечатает два чека коррекции: первый отменит этот чек, во втором будут верные данные. Измените то, что было неверно.',
  onlyBack: 'Только отменить: верных данных нет',
  byOrder: 'По предписанию налоговой',
  date: 'День расчёта',
  number: 'Номер предписания',
  paidBy: 'Чем оплачено',
  askCorrection: 'ККТ напечатает два чека коррекции. Отменить это нельзя. Продолжить?',
  askReversal: 'ККТ напечатает чек коррекции, который отменит весь чек. Отменить это нельзя. Продолжить?',
  reversal: 'Отмена прежнего чека',
  right: 'Верные данные',
  document: 'Чек',
  standing: 'Состояние',
  underWay: 'Выполняется…',
  unclear: 'Неизвестно, напечатан ли чек. Повторная отправка — та же самая: чек будет напечатан один раз.',
  again: 'Отправить то же снова',
}
