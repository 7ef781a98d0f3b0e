import absenceSettings from './en/absence-settings.json' with { type: 'json' }
import activities from './en/activities.json' with { type: 'json' }
import approvals from './en/approvals.json' with { type: 'json' }
import approve from './en/approve.json' with { type: 'json' }
import apps from './en/apps.json' with { type: 'json' }
import categories from './en/categories.json' with { type: 'json' }
import comingBack from './en/coming-back.json' with { type: 'json' }
import customers from './en/customers.json' with { type: 'json' }
import documents from './en/documents.json' with { type: 'json' }
import expenses from './en/expenses.json' with { type: 'json' }
import frame from './en/frame.json' with { type: 'json' }
import hours from './en/hours.json' with { type: 'json' }
import imports from './en/imports.json' with { type: 'json' }
import invite from './en/invite.json' with { type: 'json' }
import invoiceExports from './en/invoice-exports.json' with { type: 'json' }
import invoices from './en/invoices.json' with { type: 'json' }
import invoicing from './en/invoicing.json' with { type: 'json' }
import keys from './en/keys.json' with { type: 'json' }
import kmRates from './en/km-rates.json' with { type: 'json' }
import letters from './en/letters.json' with { type: 'json' }
import mail from './en/mail.json' with { type: 'json' }
import monthEnd from './en/month-end.json' with { type: 'json' }
import overviews from './en/overviews.json' with { type: 'json' }
import packageInvoices from './en/package-invoices.json' with { type: 'json' }
import paper from './en/paper.json' with { type: 'json' }
import parts from './en/parts.json' with { type: 'json' }
import payments from './en/payments.json' with { type: 'json' }
import people from './en/people.json' with { type: 'json' }
import postings from './en/postings.json' with { type: 'json' }
import problems from './en/problems.json' with { type: 'json' }
import profile from './en/profile.json' with { type: 'json' }
import projects from './en/projects.json' with { type: 'json' }
import reimbursements from './en/reimbursements.json' with { type: 'json' }
import reminders from './en/reminders.json' with { type: 'json' }
import reports from './en/reports.json' with { type: 'json' }
import reset from './en/reset.json' with { type: 'json' }
import settings from './en/settings.json' with { type: 'json' }
import signIn from './en/sign-in.json' with { type: 'json' }
import statement from './en/statement.json' with { type: 'json' }
import table from './en/table.json' with { type: 'json' }
import tags from './en/tags.json' with { type: 'json' }
import teams from './en/teams.json' with { type: 'json' }
import time from './en/time.json' with { type: 'json' }
import trips from './en/trips.json' with { type: 'json' }
import uninvoiced from './en/uninvoiced.json' with { type: 'json' }
import vehicles from './en/vehicles.json' with { type: 'json' }
import welcome from './en/welcome.json' with { type: 'json' }

/** All English words, one file per screen; the keys of a file begin with its name. */
const words = {
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
