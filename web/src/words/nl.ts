import type english from './en.ts'
import absenceSettings from './nl/absence-settings.json' with { type: 'json' }
import activities from './nl/activities.json' with { type: 'json' }
import approvals from './nl/approvals.json' with { type: 'json' }
import approve from './nl/approve.json' with { type: 'json' }
import apps from './nl/apps.json' with { type: 'json' }
import categories from './nl/categories.json' with { type: 'json' }
import comingBack from './nl/coming-back.json' with { type: 'json' }
import customers from './nl/customers.json' with { type: 'json' }
import documents from './nl/documents.json' with { type: 'json' }
import expenses from './nl/expenses.json' with { type: 'json' }
import frame from './nl/frame.json' with { type: 'json' }
import hours from './nl/hours.json' with { type: 'json' }
import imports from './nl/imports.json' with { type: 'json' }
import invite from './nl/invite.json' with { type: 'json' }
import invoiceExports from './nl/invoice-exports.json' with { type: 'json' }
import invoices from './nl/invoices.json' with { type: 'json' }
import invoicing from './nl/invoicing.json' with { type: 'json' }
import keys from './nl/keys.json' with { type: 'json' }
import kmRates from './nl/km-rates.json' with { type: 'json' }
import letters from './nl/letters.json' with { type: 'json' }
import mail from './nl/mail.json' with { type: 'json' }
import monthEnd from './nl/month-end.json' with { type: 'json' }
import overviews from './nl/overviews.json' with { type: 'json' }
import packageInvoices from './nl/package-invoices.json' with { type: 'json' }
import paper from './nl/paper.json' with { type: 'json' }
import parts from './nl/parts.json' with { type: 'json' }
import payments from './nl/payments.json' with { type: 'json' }
import people from './nl/people.json' with { type: 'json' }
import postings from './nl/postings.json' with { type: 'json' }
import problems from './nl/problems.json' with { type: 'json' }
import profile from './nl/profile.json' with { type: 'json' }
import projects from './nl/projects.json' with { type: 'json' }
import reimbursements from './nl/reimbursements.json' with { type: 'json' }
import reminders from './nl/reminders.json' with { type: 'json' }
import reports from './nl/reports.json' with { type: 'json' }
import reset from './nl/reset.json' with { type: 'json' }
import settings from './nl/settings.json' with { type: 'json' }
import signIn from './nl/sign-in.json' with { type: 'json' }
import statement from './nl/statement.json' with { type: 'json' }
import table from './nl/table.json' with { type: 'json' }
import tags from './nl/tags.json' with { type: 'json' }
import teams from './nl/teams.json' with { type: 'json' }
import time from './nl/time.json' with { type: 'json' }
import trips from './nl/trips.json' with { type: 'json' }
import uninvoiced from './nl/uninvoiced.json' with { type: 'json' }
import vehicles from './nl/vehicles.json' with { type: 'json' }
import welcome from './nl/welcome.json' with { type: 'json' }

/** All Dutch words; the compiler sees what English has and Dutch lacks. */
const words: Record<keyof typeof english, string> = {
  ...frame,
  ...parts,
  ...table,
  ...problems,
  ...time,
  ...documents,
  ...expenses,
  ...reimbursements,
  ...categories,
  ...reminders,
  ...reports,
  ...hours,
  ...invoiceExports,
  ...invoices,
  ...invoicing,
  ...letters,
  ...mail,
  ...monthEnd,
  ...overviews,
  ...packageInvoices,
  ...paper,
  ...payments,
  ...postings,
  ...comingBack,
  ...customers,
  ...projects,
  ...statement,
  ...activities,
  ...absenceSettings,
  ...settings,
  ...people,
  ...teams,
  ...tags,
  ...reset,
  ...profile,
  ...apps,
  ...imports,
  ...keys,
  ...signIn,
  ...uninvoiced,
  ...welcome,
  ...invite,
  ...approvals,
  ...approve,
  ...vehicles,
  ...trips,
  ...kmRates,
}

export default words
