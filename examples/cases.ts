import { calendarDate, endOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { formatDuration } from '@uurwerk/core/time/duration.ts'
import {
  sampleActivities,
  sampleAdministrator,
  sampleColleagues,
  sampleHours,
} from '../server/src/sample/sample-firm.ts'
import { sampleWords } from '../server/src/sample/sample-words.ts'
import { customers } from './firm.ts'
import type { Case } from './worked-case.ts'

const month = calendarDate('2026-03-01')
const people = [sampleAdministrator, ...sampleColleagues]
const codes = { portal: 'VD-01', stock: 'VD-02', dealers: 'KM-01', internal: 'INT' } as const

/** The hours of the sample firm in March 2026, or from an earlier day, on these projects, with its words for the work. */
const sampleMonth = (projects: readonly (keyof typeof codes)[], language: 'nl' | 'en', from = month): string =>
  sampleHours(from, endOfMonth(month))
    .filter(({ project }) => projects.includes(project))
    .map(({ date, person, project, activity, minutes }) =>
      [
        date,
        people[person]?.name,
        codes[project],
        sampleWords[language].activities[activity],
        formatDuration(minutes),
      ].join('  '),
    )
    .join('\n')

const billed = ['development', 'advice', 'design', 'meeting'] as const
const sampleActivitiesIn = (language: 'nl' | 'en'): Pick<Case, 'activities' | 'rates'> => {
  const named = billed.map((key) => ({ name: sampleWords[language].activities[key], rate: sampleActivities[key].rate }))
  return {
    activities: named.map(({ name }) => ({ name, vatClass: null })),
    rates: named.map(({ name, rate }) => ({ activity: name, amount: rate })),
  }
}

const hourly = (code: string, name: string) => ({ code, name, method: 'hourly-activity' }) as const
const advice = { name: 'Advies', vatClass: null } as const

export const cases: readonly Case[] = [
  {
    name: 'domestic-21',
    title: 'The sample month, invoiced to Van Dalen at 21 %',
    shows:
      'Three people, two projects, one invoice grouped by activity. Quantity × price is the net of each line; VAT is\n' +
      'computed once over all of them, and its cents are shared out so that the lines add up to it.',
    customer: customers.vanDalen,
    projects: [hourly('VD-01', sampleWords.nl.projects.portal), hourly('VD-02', sampleWords.nl.projects.stock)],
    ...sampleActivitiesIn('nl'),
    hours: sampleMonth(['portal', 'stock'], 'nl'),
    orders: [{ number: 7, by: 'activity', date: '2026-03-31', reference: 'UW7K2M4QXB', orderNumber: 'PO-4417' }],
  },
  {
    name: 'domestic-9-and-21',
    title: 'Two VAT rates on one invoice',
    shows: 'Lines of 21 % and of 9 %: each rate has its own sum, its own VAT and its own VAT code.',
    customer: customers.vanDalen,
    projects: [hourly('VD-03', 'Leesvaardig')],
    activities: [advice, { name: 'Herstelwerk', vatClass: 'reduced' }],
    rates: [
      { activity: 'Advies', amount: '125.00' },
      { activity: 'Herstelwerk', amount: '61.35' },
    ],
    hours: `
      2026-03-03  Noor Haddad   VD-03  Advies       3:15
      2026-03-04  Joris Bakker  VD-03  Herstelwerk  7:40
      2026-03-05  Joris Bakker  VD-03  Herstelwerk  6:05
      2026-03-10  Noor Haddad   VD-03  Advies       1:10
    `,
    orders: [{ number: 8, by: 'activity', date: '2026-03-31', reference: 'XPB9D5R8QF' }],
  },
  {
    name: 'zero-and-exempt',
    title: 'Zero rate and exempt beside 21 %',
    shows:
      'Zero rate and exemption are not the same: both are 0.00, and only the exemption prints a sentence. Exact Online\n' +
      'refuses a VAT amount on a VAT code without VAT, so there it is not sent, not even as zero.',
    customer: customers.vanDalen,
    projects: [hourly('VD-04', 'Opleiding op maat')],
    activities: [advice, { name: 'Cursus', vatClass: 'exempt' }, { name: 'Werk op zee', vatClass: 'zero' }],
    rates: [
      { activity: 'Advies', amount: '125.00' },
      { activity: 'Cursus', amount: '60.00' },
      { activity: 'Werk op zee', amount: '118.00' },
    ],
    hours: `
      2026-03-02  Noor Haddad   VD-04  Cursus       4:00
      2026-03-09  Noor Haddad   VD-04  Cursus       4:00
      2026-03-11  Joris Bakker  VD-04  Werk op zee  7:30
      2026-03-12  Sanne de Wit  VD-04  Advies       2:20
    `,
    orders: [{ number: 9, by: 'activity', date: '2026-03-31', reference: 'FHZDWKD5A8' }],
  },
  {
    name: 'eu-business-reverse-charge',
    title: 'The sample month, invoiced to Kessler in Germany',
    shows:
      'A business in another EU country with a VAT id: the customer owes the VAT. No VAT on the invoice, the sentence\n' +
      'the law asks for, both VAT ids, and a VAT code that reports the services. Development has its own price here.',
    customer: customers.kessler,
    projects: [hourly('KM-01', 'Händlerportal')],
    activities: sampleActivitiesIn('en').activities,
    rates: [...sampleActivitiesIn('en').rates, { activity: 'Development', project: 'KM-01', amount: '110.00' }],
    hours: sampleMonth(['dealers'], 'en'),
    orders: [{ number: 10, by: 'user', date: '2026-03-31', reference: 'X9AGSQZFSB' }],
  },
  {
    name: 'eu-consumer',
    title: 'A consumer in another EU country',
    shows: 'A consumer has no VAT id and owes nothing himself: Dutch VAT, at the rate of the work.',
    customer: customers.maes,
    projects: [hourly('LM-01', 'Website')],
    activities: [advice],
    rates: [{ activity: 'Advies', amount: '92.50' }],
    hours: `
      2026-03-16  Sanne de Wit  LM-01  Advies  1:25
      2026-03-18  Sanne de Wit  LM-01  Advies  0:35
      2026-03-23  Noor Haddad   LM-01  Advies  2:10
    `,
    orders: [{ number: 11, by: 'entry', date: '2026-03-31', reference: 'RKPQSK8EVS' }],
  },
  {
    name: 'outside-eu',
    title: 'A customer outside the EU',
    shows:
      'A service outside the EU is outside the scope of VAT: no VAT, a sentence, and a VAT code of its own; it is no\n' +
      'export of goods. End of the month plus thirty days is no payment condition of Exact Online: our due date counts.',
    customer: customers.alder,
    projects: [hourly('AF-01', 'Booking engine')],
    activities: [{ name: 'Consultancy', vatClass: null }],
    rates: [{ activity: 'Consultancy', amount: '125.00' }],
    hours: `
      2026-03-06  Sanne de Wit  AF-01  Consultancy  5:20
      2026-03-13  Sanne de Wit  AF-01  Consultancy  2:05
    `,
    orders: [{ number: 12, by: 'activity', date: '2026-03-31', reference: '0SSQD1SB2J' }],
  },
  {
    name: 'domestic-reverse-charge',
    title: 'Reverse charge within the Netherlands',
    shows: 'Subcontracting: the customer owes the VAT. Its VAT id must stand on the invoice, and “Btw verlegd”.',
    customer: customers.steiger,
    projects: [hourly('SB-01', 'Nieuwbouw Havenkade')],
    activities: [{ name: 'Montage', vatClass: null }],
    rates: [{ activity: 'Montage', amount: '57.75' }],
    hours: `
      2026-03-02  Joris Bakker  SB-01  Montage  8:00
      2026-03-03  Joris Bakker  SB-01  Montage  7:45
      2026-03-04  Joris Bakker  SB-01  Montage  6:20
    `,
    orders: [{ number: 13, by: 'project', date: '2026-03-31', reference: 'A874KYFRA6' }],
  },
  {
    name: 'fifty-minute-lines',
    title: 'Fifty minutes are 0.8333 hour',
    shows:
      'Hours have four decimals, and those are shown, sent and multiplied, so that who recalculates finds our figure.\n' +
      'The same hours one by one and by activity: each line is rounded to cents once, so the two differ by some cents.',
    customer: customers.vanDalen,
    projects: [hourly('VD-01', 'Serviceportaal')],
    activities: [advice, { name: 'Overleg', vatClass: null }],
    rates: [
      { activity: 'Advies', amount: '125.00' },
      { activity: 'Overleg', amount: '95.00' },
    ],
    hours: `
      2026-03-04  Sanne de Wit  VD-01  Overleg  0:50
      2026-03-11  Sanne de Wit  VD-01  Overleg  0:50
      2026-03-18  Sanne de Wit  VD-01  Overleg  0:50
      2026-03-18  Sanne de Wit  VD-01  Advies   0:50
      2026-03-25  Sanne de Wit  VD-01  Advies   1:40
    `,
    orders: [
      { number: 14, by: 'entry', date: '2026-03-31', reference: 'GEJT2705G4' },
      { number: 15, by: 'activity', date: '2026-03-31', reference: 'EV2YW0N9NE' },
    ],
  },
  {
    name: 'rounding-for-billing',
    title: 'Billed in quarters of an hour',
    shows:
      'The customer’s rule: what one person did on a project on a day is billed up to the next quarter of an hour. The\n' +
      'hours as written stay as they are.',
    customer: { ...customers.vanDalen, billingRounding: { stepMinutes: 15, direction: 'up', per: 'day' } },
    projects: [hourly('VD-01', 'Serviceportaal')],
    activities: [advice, { name: 'Overleg', vatClass: null }],
    rates: [
      { activity: 'Advies', amount: '125.00' },
      { activity: 'Overleg', amount: '95.00' },
    ],
    hours: `
      2026-03-04  Sanne de Wit  VD-01  Overleg  0:50
      2026-03-04  Sanne de Wit  VD-01  Advies   1:07
      2026-03-05  Sanne de Wit  VD-01  Advies   0:20
      2026-03-05  Noor Haddad   VD-01  Advies   0:20
    `,
    orders: [{ number: 16, by: 'entry', date: '2026-03-31', reference: '7M8T3AW7ZY' }],
  },
  {
    name: 'half-cents',
    title: 'Half cents: 37.50 and 12.50 at 21 %',
    shows:
      'VAT of 37.50 is 7.875 and of 12.50 is 2.625. Computed over the sum it is 10.50, not 10.51. Each line gets its\n' +
      'share rounded down; the cent that remains goes to the largest remainder, and the first line when they are equal.',
    customer: customers.vanDalen,
    projects: [hourly('VD-01', 'Serviceportaal'), hourly('VD-02', 'Voorraad-app')],
    activities: [{ name: 'Overleg', vatClass: null }],
    rates: [{ activity: 'Overleg', amount: '50.00' }],
    hours: `
      2026-03-04  Sanne de Wit  VD-01  Overleg  0:45
      2026-03-04  Sanne de Wit  VD-02  Overleg  0:15
    `,
    orders: [{ number: 17, by: 'project', date: '2026-03-31', reference: 'YQ4A4N23YD' }],
  },
  {
    name: 'rate-change',
    title: 'A VAT rate and a price change at the turn of the year',
    shows:
      'The Dutch reduced rate went from 6 % to 9 % on 1 January 2019: the day of the work decides, not the day of the\n' +
      'invoice. The price changed on 15 January. A line never crosses a change. Exact Online knows the code by today’s\n' +
      'percentage, so the preview says that the line of 6 % is worth a look; sent is the VAT of the invoice.',
    customer: customers.vanDalen,
    projects: [hourly('VD-03', 'Leesvaardig')],
    activities: [{ name: 'Herstelwerk', vatClass: 'reduced' }],
    rates: [
      { activity: 'Herstelwerk', amount: '58.00' },
      { activity: 'Herstelwerk', amount: '61.35', from: '2019-01-15' },
    ],
    hours: `
      2018-12-28  Joris Bakker  VD-03  Herstelwerk  5:10
      2018-12-31  Joris Bakker  VD-03  Herstelwerk  2:40
      2019-01-02  Joris Bakker  VD-03  Herstelwerk  7:05
      2019-01-14  Joris Bakker  VD-03  Herstelwerk  3:20
      2019-01-15  Joris Bakker  VD-03  Herstelwerk  3:20
    `,
    orders: [{ number: 2, by: 'activity', date: '2019-01-31', reference: 'C72JAW0HBD' }],
  },
  {
    name: 'discount',
    title: 'Lines with a discount',
    shows:
      'The discount comes off quantity × price before anything is rounded: 4.1667 × 125.00 less 10 % is 468.75375, so\n' +
      '468.75. The VAT is that of what is left. A third of a price is no round percentage; four decimals hold it. In the\n' +
      'books a line with a discount is one piece of its net, with the figures in its text.',
    customer: customers.vanDalen,
    projects: [hourly('VD-01', 'Serviceportaal')],
    activities: [advice, { name: 'Overleg', vatClass: null }, { name: 'Herstelwerk', vatClass: 'reduced' }],
    rates: [
      { activity: 'Advies', amount: '125.00' },
      { activity: 'Overleg', amount: '95.00' },
      { activity: 'Herstelwerk', amount: '61.35' },
    ],
    hours: `
      2026-03-04  Sanne de Wit  VD-01  Advies       4:10
      2026-03-05  Sanne de Wit  VD-01  Overleg      0:50
      2026-03-11  Joris Bakker  VD-01  Herstelwerk  3:20
      2026-03-12  Joris Bakker  VD-01  Herstelwerk  1:15
    `,
    orders: [
      {
        number: 26,
        by: 'entry',
        date: '2026-03-31',
        reference: 'Q4D7W1YH8R',
        discounts: [
          { line: '4 maart 2026, Advies', percent: '10' },
          { line: '5 maart 2026, Overleg', percent: '100' },
          { line: '11 maart 2026, Herstelwerk', percent: '33.3333' },
        ],
      },
    ],
  },
  {
    name: 'foreign-currency',
    title: 'An invoice in dollars, with its VAT in euro as well',
    shows:
      'A Dutch customer that pays in dollars. Prices, VAT and total are in dollars; the rate, its source and its day are\n' +
      'fixed at the date of the invoice. The law wants the VAT in euro too: that is the whole VAT at that rate, rounded\n' +
      'once. The books get the dollars and the rate. A bank code for SEPA knows euro only, so there is none.',
    customer: customers.meridian,
    projects: [hourly('MO-01', 'Vessel planning')],
    activities: [
      { name: 'Consultancy', vatClass: null },
      { name: 'Training', vatClass: null },
    ],
    rates: [
      { activity: 'Consultancy', amount: '140.00' },
      { activity: 'Training', amount: '117.50' },
    ],
    hours: `
      2026-03-09  Sanne de Wit  MO-01  Consultancy  5:50
      2026-03-10  Sanne de Wit  MO-01  Consultancy  2:25
      2026-03-17  Noor Haddad   MO-01  Training     3:40
    `,
    orders: [
      {
        number: 27,
        by: 'activity',
        date: '2026-03-31',
        reference: 'Z2F6N0TK5V',
        exchange: { rate: '0.92435', source: 'European Central Bank', date: '2026-03-30' },
        creditedBy: [
          {
            number: 28,
            reference: 'H9C3B7XM1E',
            date: '2026-04-09',
            of: [{ line: 'Training, March 2026', quantity: '1.25' }],
          },
        ],
      },
    ],
  },
  {
    name: 'five-hundred-lines',
    title: 'Five hundred lines, one for each time that somebody wrote hours',
    shows:
      'The customer wants every registration on a line of its own, and nobody had sent an invoice since September. Each\n' +
      'net is rounded to cents; the VAT is computed once over their sum, and its cents are shared out over all lines, so\n' +
      'that the last one adds up too.',
    customer: customers.vanDalen,
    projects: [hourly('VD-01', sampleWords.nl.projects.portal), hourly('VD-02', sampleWords.nl.projects.stock)],
    ...sampleActivitiesIn('nl'),
    hours: sampleMonth(['portal', 'stock'], 'nl', calendarDate('2025-09-01')).split('\n').slice(0, 500).join('\n'),
    orders: [{ number: 29, by: 'entry', date: '2026-04-30', reference: 'J5G8S2PL6A' }],
  },
  {
    name: 'credit-mirrors',
    title: 'A credit note mirrors its invoice',
    shows:
      'The same lines with their quantities turned. Halves are rounded away from zero on both sides, so every net, every\n' +
      'share of VAT and every total is exactly the opposite.',
    customer: customers.vanDalen,
    projects: [hourly('VD-01', 'Serviceportaal')],
    activities: [advice, { name: 'Overleg', vatClass: null }],
    rates: [
      { activity: 'Advies', amount: '92.50' },
      { activity: 'Overleg', amount: '50.30' },
    ],
    hours: `
      2026-03-05  Sanne de Wit  VD-01  Overleg  0:45
      2026-03-12  Sanne de Wit  VD-01  Overleg  1:21
      2026-03-19  Sanne de Wit  VD-01  Advies   0:15
      2026-03-26  Sanne de Wit  VD-01  Advies   2:03
    `,
    orders: [
      {
        number: 18,
        by: 'entry',
        date: '2026-03-31',
        reference: 'V62KPX4Z6Z',
        creditedBy: [{ number: 19, reference: 'XF0PWJ3YV0', date: '2026-04-07' }],
      },
    ],
  },
  {
    name: 'credit-in-parts',
    title: 'Two credit notes that together take back an invoice',
    shows:
      'First some hours of one line and an amount of another, then all that is left. The second takes exactly what the\n' +
      'first left, as one piece where hours were credited as an amount, and the VAT of both is that of the invoice.',
    customer: customers.vanDalen,
    projects: [hourly('VD-01', 'Serviceportaal')],
    activities: [advice, { name: 'Overleg', vatClass: null }],
    rates: [
      { activity: 'Advies', amount: '92.50' },
      { activity: 'Overleg', amount: '50.30' },
    ],
    hours: `
      2026-03-05  Sanne de Wit  VD-01  Overleg  1:05
      2026-03-26  Sanne de Wit  VD-01  Advies   2:03
    `,
    orders: [
      {
        number: 20,
        by: 'entry',
        date: '2026-03-31',
        reference: 'M3X8Q1ZB7K',
        creditedBy: [
          {
            number: 21,
            reference: 'T5H2N9WC4D',
            date: '2026-04-07',
            of: [
              { line: '5 maart 2026, Overleg', quantity: '0.5' },
              { line: '26 maart 2026, Advies', net: '12.37' },
            ],
          },
          { number: 22, reference: 'R8J6V0YE3F', date: '2026-04-14' },
        ],
      },
    ],
  },
  {
    name: 'credit-with-discount',
    title: 'A line with a discount, credited in part and then in whole',
    shows:
      'The discount is part of the line, so an hour is taken back at what was charged for it. In the books a line with a\n' +
      'discount is one piece of its net, on the credit note as on the invoice.',
    customer: customers.vanDalen,
    projects: [hourly('VD-01', 'Serviceportaal')],
    activities: [advice],
    rates: [{ activity: 'Advies', amount: '92.50' }],
    hours: `
      2026-03-19  Sanne de Wit  VD-01  Advies  3:20
    `,
    orders: [
      {
        number: 23,
        by: 'entry',
        date: '2026-03-31',
        reference: 'B1K7P4XG9H',
        discounts: [{ line: '19 maart 2026, Advies', percent: '12.5' }],
        creditedBy: [
          {
            number: 24,
            reference: 'N6S3T8ZA2J',
            date: '2026-04-07',
            of: [{ line: '19 maart 2026, Advies', quantity: '1' }],
          },
          { number: 25, reference: 'W9D5C2VQ0M', date: '2026-04-14' },
        ],
      },
    ],
  },
  {
    name: 'paid-and-credited',
    title: 'An invoice that is paid in parts, credited in part, and paid back',
    shows:
      'Outstanding is what was invoiced, less what credit notes took back, less what was paid. Credited is not paid: a\n' +
      'credit note makes less to be paid, and what was paid already is to be paid back. Late counts from the day after the\n' +
      'due date, and only while something is outstanding.',
    customer: customers.vanDalen,
    projects: [hourly('VD-01', 'Serviceportaal')],
    activities: [advice, { name: 'Overleg', vatClass: null }, { name: 'Cursus', vatClass: 'exempt' }],
    rates: [
      { activity: 'Advies', amount: '125.00' },
      { activity: 'Overleg', amount: '95.00' },
      { activity: 'Cursus', amount: '60.00' },
    ],
    hours: `
      2026-03-05  Sanne de Wit  VD-01  Advies   7:10
      2026-03-06  Sanne de Wit  VD-01  Overleg  1:25
      2026-03-12  Noor Haddad   VD-01  Cursus   4:00
    `,
    orders: [
      {
        number: 30,
        by: 'activity',
        date: '2026-03-31',
        reference: 'K1V9E4RC6T',
        creditedBy: [
          {
            number: 31,
            reference: 'G7A2U5XN3S',
            date: '2026-05-07',
            of: [{ line: 'Cursus, maart 2026', quantity: '1' }],
          },
          {
            number: 32,
            reference: 'Y8L0Q6WD1B',
            date: '2026-05-20',
            of: [{ line: 'Overleg, maart 2026' }],
          },
        ],
        payments: [
          { date: '2026-04-14', amount: '1000.00' },
          { date: '2026-05-06' },
          { date: '2026-05-12', amount: '426.82' },
          { date: '2026-05-27', amount: '-162.85' },
        ],
      },
    ],
  },
  {
    name: 'everything-due',
    title: 'Hours, an instalment, a subscription, trips and expenses on one invoice',
    shows:
      'An expense is recharged for what it cost (gross less the VAT the firm gets back) plus the margin, at the VAT of the\n' +
      'firm’s own service; the receipt’s rate is not the invoice’s. A disbursement goes through at what was paid, outside\n' +
      'VAT and to a balance account. Hours on the fixed-price project are paid for by the instalment and are no line.',
    customer: customers.vanDalen,
    projects: [
      hourly('VD-01', 'Serviceportaal'),
      { code: 'VD-05', name: 'Intranet', method: 'fixed-price' },
      { code: 'VD-06', name: 'Onderhoud', method: 'subscription' },
    ],
    activities: [advice],
    rates: [{ activity: 'Advies', amount: '125.00' }],
    hours: `
      2026-03-04  Sanne de Wit  VD-01  Advies  3:20
      2026-03-11  Sanne de Wit  VD-01  Advies  1:15
    `,
    categories: [
      { id: 'Hotel', name: 'Hotel', vatClass: null },
      { id: 'Lunch', name: 'Lunch', vatClass: null },
      { id: 'Leges', name: 'Leges', vatClass: null },
    ],
    expenses: `
      2026-03-04  Sanne de Wit  VD-01  Hotel  119.90  9.90   100  5
      2026-03-04  Sanne de Wit  VD-01  Lunch  32.70   2.70   0    0
      2026-03-11  Sanne de Wit  VD-01  Leges  287.50  0      0    –
    `,
    kmRate: '0.39',
    trips: `
      2026-03-04  Sanne de Wit  VD-01  Utrecht  Deventer  96.4  return
      2026-03-11  Sanne de Wit  VD-01  Utrecht  Deventer  96.4  one way
    `,
    instalments: [
      {
        id: 'instalment-3',
        projectId: 'VD-05',
        activityId: null,
        description: 'Termijn 3 van 4',
        amount: decimal('4500.00'),
        dueOn: calendarDate('2026-03-15'),
        periodFrom: null,
        periodUntil: null,
        vatClass: null,
      },
    ],
    periods: [
      {
        id: 'period-3',
        projectId: 'VD-06',
        description: 'Abonnement',
        amount: decimal('850.00'),
        dueOn: calendarDate('2026-03-01'),
        periodFrom: calendarDate('2026-03-01'),
        periodUntil: calendarDate('2026-03-31'),
        vatClass: null,
      },
    ],
    orders: [{ number: 21, by: 'activity', date: '2026-03-31', reference: 'E4T9HC2WNA' }],
  },
]
