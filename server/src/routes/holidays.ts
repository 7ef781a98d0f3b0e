import type { absenceRoutes } from '@uurwerk/api/absences.ts'
import type { FirmCall, Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { wrongField } from '../http/problems.ts'
import { choiceOf, holidayChoices, holidayCountries, holidaysOf, isFree, regionsOf } from '../time/holidays.ts'

type Names = Extract<keyof typeof absenceRoutes, 'readHolidays' | 'chooseHolidays'>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'language'>

export const holidayHandlers: Handlers<Names> = {
  readHolidays: (call) => holidaysAnswer(call, call.query.year),

  chooseHolidays: async (call) => {
    const { trx, firmId, body, query, services } = call
    const before = await holidayChoices(trx, firmId)
    if (body.country !== undefined || body.region !== undefined) await choosePlace(call, body, query.year)
    const place = await holidayChoices(trx, firmId)
    const days = await holidaysOf({ ...place, year: query.year, language: call.language })
    for (const [index, { rule, free, onlyThisYear }] of (body.choices ?? []).entries()) {
      if (!days.some((day) => day.rule === rule)) throw wrongField(`/choices/${index}/rule`, 'holiday-unknown')
      const key = choiceOf(rule, onlyThisYear ? query.year : undefined)
      if (free === null)
        await trx.deleteFrom('holidayChoice').where('firmId', '=', firmId).where('rule', '=', key).execute()
      else
        await trx
          .insertInto('holidayChoice')
          .values({ firmId, rule: key, free })
          .onConflict((conflict) => conflict.columns(['firmId', 'rule']).doUpdateSet({ free }))
          .execute()
    }
    const { chosenCountry: country, region } = before
    await remember(call, { kind: 'holidays', id: firmId }, 'changed', {
      before: { country, region, choices: Object.fromEntries(before.free) },
      after: { ...body, year: query.year },
    })
    await services.events.publish(trx, firmId, { topic: 'absences' })
    return holidaysAnswer(call, query.year)
  },
}

interface Place {
  readonly country?: string | null | undefined
  readonly region?: string | null | undefined
}

/** Another country has other regions: the one that was chosen goes with it. */
async function choosePlace({ trx, firmId, language }: Asking, wanted: Place, year: number): Promise<void> {
  if (wanted.country && !(await holidayCountries()).includes(wanted.country))
    throw wrongField('/country', 'holiday-country-unknown')
  const firm = await trx
    .selectFrom('firm')
    .select(['country', 'holidayCountry'])
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  const chosen = wanted.country === undefined ? firm.holidayCountry : wanted.country
  const region = wanted.region ?? null
  const regions = await regionsOf({ country: chosen ?? firm.country, year, language })
  if (region && !regions.some(({ code }) => code === region)) throw wrongField('/region', 'holiday-region-unknown')
  await trx
    .updateTable('firm')
    .set({ holidayCountry: chosen, holidayRegion: region })
    .where('firmId', '=', firmId)
    .execute()
}

async function holidaysAnswer({ trx, firmId, language }: Asking, year: number) {
  const choices = await holidayChoices(trx, firmId)
  const countries = await holidayCountries()
  const days = await holidaysOf({ ...choices, year, language })
  return {
    year,
    country: choices.country,
    chosenCountry: choices.chosenCountry,
    region: choices.region,
    known: countries.includes(choices.country),
    countries: [...countries],
    regions: await regionsOf({ country: choices.country, year, language }),
    days: days.map((day) => ({
      ...day,
      free: isFree(choices, day),
      freeByDefault: day.type === 'public',
      chosen: choices.free.get(day.rule) ?? null,
      chosenThisYear: choices.free.get(choiceOf(day.rule, year)) ?? null,
    })),
  }
}
