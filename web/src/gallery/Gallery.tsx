import { type ReactNode, useMemo, useState } from 'react'
import { Body, KeyBar, Page, PageHead, Tools } from '../frame/Page.tsx'
import { Button, IconButton } from '../parts/Button.tsx'
import { CheckField, Segments, SwitchField, Tabs } from '../parts/Choose.tsx'
import { DateField } from '../parts/DateField.tsx'
import { ConfirmWithPreview } from '../parts/Dialog.tsx'
import { EmptyState, ErrorNotice, ErrorState, NoRights, PageSkeleton } from '../parts/Empty.tsx'
import { Amount, Hours, Money, Quantity } from '../parts/Figures.tsx'
import { Fields, Form, FormFoot, FormPart } from '../parts/Form.tsx'
import { DecimalField, PasswordField, SelectField, TextAreaField, TextField } from '../parts/fields.tsx'
import type { Option } from '../parts/find-options.ts'
import { Icon, iconNames } from '../parts/icons.tsx'
import { KeyHint } from '../parts/KeyHint.tsx'
import { Actions, Facts, Notice, Told } from '../parts/Notice.tsx'
import { Picker } from '../parts/Picker.tsx'
import { AddressBlock, Avatar, Code, Payload, TwoLines } from '../parts/Small.tsx'
import { type Meaning, Pill, State, StateLine } from '../parts/State.tsx'
import { Bar, TaskProgress } from '../parts/Task.tsx'
import { Timeline } from '../parts/Timeline.tsx'
import { say, sayProblem, sayUndo, Toasts } from '../parts/Toasts.tsx'
import { useApiForm } from '../parts/use-api-form.ts'
import { ApiProblem } from '../problem.ts'
import { ColumnMenu, useColumnChoice } from '../table/ColumnMenu.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/DataTable.tsx'
import { FilterChips } from '../table/FilterChips.tsx'
import { SelectionBar } from '../table/SelectionBar.tsx'
import { useSelection } from '../table/selection.ts'
import styles from './gallery.module.css'
import { failed, loading, ready, type SampleRow, sampleRows } from './sample.ts'

const meanings: ReadonlyArray<readonly [Meaning, string]> = [
  ['done', 'Posted'],
  ['needs', 'Needs you'],
  ['refused', 'Refused'],
  ['progress', 'Checking'],
  ['wait', 'Waiting'],
]
const wordOf = new Map(meanings)

const refused = new ApiProblem({
  status: 422,
  code: 'period-closed',
  cause: 'February 2026 is closed in Exact Online.',
  remedy: 'Reopen the period in Exact under Financial › Periods, then send again.',
  theirWords: 'Periode is afgesloten: 2026 - 2',
})
const down = new ApiProblem({ status: 0, code: 'offline' })

const accounts: readonly Option[] = [
  { value: '1', code: '8010', label: 'Omzet ontwikkeling', group: 'Revenue' },
  { value: '2', code: '8020', label: 'Omzet advies', group: 'Revenue' },
  { value: '3', code: '8310', label: 'Diensten EU verlegd', hint: 'reverse charge', group: 'Revenue' },
  { value: '4', code: '1300', label: 'Debiteuren', why: 'a balance account', group: 'Balance' },
]

const columns: ReadonlyArray<Column<SampleRow>> = [
  {
    id: 'project',
    head: 'Project',
    always: true,
    width: 'minmax(220px, 2fr)',
    cell: (row) => (
      <>
        {row.project} <span className="muted small">{row.method}</span>
      </>
    ),
    sortBy: (row) => row.project,
  },
  { id: 'state', head: 'State', width: 140, cell: (row) => <State is={row.state}>{wordOf.get(row.state)}</State> },
  {
    id: 'hours',
    head: 'Hours',
    align: 'end',
    width: 110,
    cell: (row) => <Hours minutes={row.minutes} />,
    total: <Hours minutes={8565} />,
    sortBy: (row) => row.minutes,
  },
  {
    id: 'expenses',
    head: 'Expenses',
    unit: '€',
    align: 'end',
    width: 130,
    from: 640,
    cell: (row) => <Amount value={row.expenses} dashAtZero />,
    total: <Amount value="796.90" />,
  },
  {
    id: 'age',
    head: 'Age',
    align: 'end',
    width: 90,
    from: 760,
    cell: (row) => `${row.days} d`,
    sortBy: (row) => row.days,
  },
  {
    id: 'amount',
    head: 'Total',
    unit: '€',
    align: 'end',
    width: 140,
    cell: (row) => <Amount value={row.amount} strong />,
    total: <Amount value="23215.90" total />,
    sortBy: (row) => Number(row.amount),
  },
]

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className={styles.section}>
    <h2>{title}</h2>
    {children}
  </section>
)

function FullTable() {
  const rows = useMemo(() => ready(sampleRows(400)), [])
  const selecting = useSelection('gallery')
  const [search, setSearch] = useState<Record<string, unknown>>({
    from: '2026-03-01',
    until: '2026-03-31',
    state: ['free'],
  })
  const { hidden, show } = useColumnChoice('gallery', columns)
  return (
    <div className={`${styles.table} ${styles.tall}`}>
      <Tools>
        <FilterChips
          filters={[
            { kind: 'period', label: 'Period', from: 'from', until: 'until' },
            {
              kind: 'choice',
              label: 'State',
              name: 'state',
              options: [
                { value: 'free', label: 'Free' },
                { value: 'invoiced', label: 'Invoiced' },
              ],
            },
            { kind: 'flag', label: 'Billing', name: 'billable', yes: 'Billable', no: 'Not billable' },
            { kind: 'pick', label: 'Ledger account', name: 'account', named: accounts, options: accounts },
            { kind: 'text', label: 'Text', name: 'search' },
          ]}
          search={search}
          onChange={(patch) =>
            setSearch((before) =>
              Object.fromEntries(Object.entries({ ...before, ...patch }).filter(([, value]) => value !== undefined)),
            )
          }
        >
          <ColumnMenu columns={columns} hidden={hidden} show={show} />
        </FilterChips>
      </Tools>
      <DataTable
        id="gallery"
        name="Sample of everything"
        rows={rows}
        columns={columns}
        hidden={hidden}
        idOf={(row) => row.id}
        nameOf={(row) => row.project}
        selecting={selecting}
        onOpen={(row) => say(row.project)}
        group={{
          of: (row) => row.customer,
          cells: (key, members) => ({
            project: (
              <>
                {key} <span className="muted small">{members[0]?.number}</span>
              </>
            ),
            hours: <Hours minutes={members.reduce((sum, row) => sum + row.minutes, 0)} />,
          }),
        }}
        empty={<EmptyState icon="clock" title="No hours" />}
        totals="3 customers, 7 projects"
      />
      <SelectionBar
        selecting={selecting}
        matching={12_431}
        under="2 customers"
        figures={[
          { value: <Hours minutes={6150} />, under: 'hours' },
          { value: <Money amount="15617.50" currency="EUR" />, under: 'excluding VAT' },
        ]}
      >
        <Button keys="E">Invoice in Exact Online</Button>
        <Button kind="primary" keys="I">
          Invoice as 4 drafts
        </Button>
      </SelectionBar>
    </div>
  )
}

function SampleForm() {
  const form = useApiForm({
    initial: {
      name: 'Stichting Zonnehof',
      number: '10027',
      rate: '104.5',
      from: '2026-03-31',
      account: '1',
      language: 'nl',
      note: '',
      password: '',
      post: true,
    },
    save: async () => {
      throw new ApiProblem({
        status: 422,
        code: 'input',
        errors: [{ pointer: '/number', code: 'taken', message: 'Number 10027 belongs to another customer.' }],
      })
    },
  })
  return (
    <Form form={form}>
      <FormPart title="Customer" text="Saving fails on purpose: the message lands at its field, what was typed stays.">
        <Fields columns={2}>
          <TextField label="Name" {...form.field('name')} />
          <TextField
            label="Customer number"
            description="Equal to the number in the package"
            {...form.field('number')}
          />
          <DecimalField label="Rate €" {...form.field('rate')} />
          <DateField label="From" {...form.field('from')} />
          <Picker label="Ledger account" options={accounts} clearable {...form.field('account')} />
          <SelectField
            label="Language"
            data={[
              { value: 'nl', label: 'Nederlands' },
              { value: 'en', label: 'English' },
            ]}
            {...form.field('language')}
          />
          <PasswordField label="Password" {...form.field('password')} />
          <TextField label="Read only" value="From Exact Online" readOnly description="Exact leads: change it there" />
        </Fields>
        <TextAreaField label="Text under the lines" {...form.field('note')} />
        <SwitchField
          label="Post by itself after an invoice is sent"
          description="Only when its preview has no problem"
          {...form.check('post')}
        />
        <CheckField label="Attach the PDF" defaultChecked />
      </FormPart>
      <FormFoot form={form} action="Save customer" onCancel={() => undefined} />
    </Form>
  )
}

const tokens = [
  'canvas',
  'surface',
  'surface-sunken',
  'surface-raised',
  'surface-hover',
  'surface-selected',
  'accent',
  'accent-fill',
  'accent-soft',
  'done',
  'done-soft',
  'needs',
  'needs-soft',
  'refused',
  'refused-soft',
  'progress',
  'progress-soft',
  'chart-1',
  'chart-2',
  'chart-3',
  'chart-4',
  'line',
  'line-strong',
  'line-control',
]

/** Every part in every state, to be looked at. */
export function Gallery() {
  const [view, setView] = useState<'day' | 'week' | 'calendar'>('week')
  const [tab, setTab] = useState<'payload' | 'answer'>('payload')
  const [asking, setAsking] = useState(false)
  return (
    <Page>
      <PageHead
        title="Gallery"
        crumbs={[
          <a key="s" href="#settings">
            Settings
          </a>,
        ]}
        state={<Pill is="done">Connected</Pill>}
        period={<span>31 March 2026</span>}
        actions={
          <>
            <Button kind="quiet">Disconnect</Button>
            <Button kind="primary" keys="mod+Enter">
              Check now
            </Button>
          </>
        }
      />
      <Body>
        <Section title="Buttons and keys">
          <div className={styles.flow}>
            <Button kind="primary" keys="mod+Enter">
              Send 12 invoices
            </Button>
            <Button icon="plus">Add an item</Button>
            <Button size="sm" icon="copy" keys="mod+D">
              Copy week 14
            </Button>
            <Button kind="quiet" icon="columns" size="sm">
              Columns
            </Button>
            <Button kind="danger">Discard</Button>
            <Button kind="link">Open item</Button>
            <Button busy>Checking</Button>
            <Button kind="primary" disabled>
              Nothing to send
            </Button>
            <IconButton icon="more" name="More" />
            <KeyHint keys="ArrowUp" />
            <KeyHint keys="mod+Z" />
            <Button onClick={() => sayUndo('3 hour entries deleted', () => say('Put back'))}>Undo toast</Button>
            <Button onClick={() => sayProblem(refused)}>Problem toast</Button>
            <Button onClick={() => setAsking(true)}>Confirm with preview</Button>
          </div>
        </Section>
        <Section title="States">
          <div className={styles.flow}>
            {meanings.map(([is, word]) => (
              <State key={is} is={is}>
                {word}
              </State>
            ))}
            {meanings.map(([is, word]) => (
              <Pill key={is} is={is}>
                {word}
              </Pill>
            ))}
          </div>
          <div className={styles.columns}>
            <Notice is="refused" title="February 2026 is closed in Exact Online" after="6 sales entries">
              <Told
                rows={[
                  ['Remedy', 'Reopen the period in Exact under Financial › Periods, then send again.'],
                  ['Exact says', '“Periode is afgesloten: 2026 – 2”'],
                ]}
              />
              <Actions>
                <Button kind="primary" size="sm">
                  Send 6 again
                </Button>
                <Button size="sm">Book 6 in March 2026</Button>
              </Actions>
            </Notice>
            <Notice is="needs" title="1 missing posting rule" after="2026-0124 waits" />
            <Notice is="done" title="214 customers imported" />
            <Notice is="progress" title="Sandbox: nothing leaves this machine" />
            <ErrorNotice error={down} retry={() => undefined} />
            <StateLine is="done">Equal to invoice 2026-0118 to the cent.</StateLine>
          </div>
        </Section>
        <Section title="Table: full, grouped, selectable">
          <FullTable />
        </Section>
        <Section title="Table: loading, failed, empty, no rights">
          <div className={styles.columns}>
            <div className={styles.table}>
              <DataTable id="g1" name="Loading" rows={loading} columns={columns} idOf={(row) => row.id} empty={null} />
            </div>
            <div className={styles.table}>
              <DataTable
                id="g2"
                name="Failed"
                rows={failed(down)}
                columns={columns}
                idOf={(row) => row.id}
                empty={null}
              />
            </div>
            <div className={styles.table}>
              <DataTable
                id="g3"
                name="Empty"
                rows={ready([])}
                columns={columns}
                idOf={(row) => row.id}
                empty={
                  <EmptyState
                    icon="document"
                    title="No invoices yet"
                    action={<Button kind="primary">Go to Uninvoiced</Button>}
                  >
                    Invoices made from hours, expenses and trips stand here.
                  </EmptyState>
                }
              />
            </div>
            <div className={styles.table}>
              <NoRights />
            </div>
            <div className={styles.table}>
              <ErrorState error={refused} retry={() => undefined} />
            </div>
            <div className={styles.table}>
              <PageSkeleton />
            </div>
          </div>
        </Section>
        <Section title="Form">
          <div style={{ maxWidth: 720 }}>
            <SampleForm />
          </div>
        </Section>
        <Section title="Figures">
          <div className={styles.flow}>
            <Amount value="-314.6" />
            <Money amount="8375.87" currency="EUR" total />
            <Hours minutes={2384} strong />
            <Hours minutes={-121} signed />
            <Quantity value="22.75" />
            <Code>2</Code>
            <Avatar name="Sanne de Wit" />
            <TwoLines under="Omzet ontwikkeling">8010</TwoLines>
          </div>
          <div className={styles.columns}>
            <AddressBlock
              address={{
                name: 'Stichting Zonnehof',
                attention: 't.a.v. Crediteurenadministratie',
                line1: 'Slotlaan 88',
                postcode: '3701 GN',
                city: 'Zeist',
                country: 'NL',
              }}
            />
            <Facts
              rows={[
                ['Customer', 'Van Dalen Techniek'],
                ['Gross', <Money key="m" amount="8375.87" currency="EUR" />],
                ['Journal', '70 Verkoopboek'],
              ]}
            />
          </div>
        </Section>
        <Section title="Long work and what happened">
          <div className={styles.columns}>
            <TaskProgress
              now="Importing customers from Exact Online"
              done={1240}
              of={3120}
              counts={
                <>
                  <State is="done">1,201 created</State>
                  <State is="wait">37 unchanged</State>
                  <State is="needs">2 conflicts</State>
                </>
              }
            />
            <TaskProgress now="Counting" done={60} of={null} />
            <Bar value={3962} of={5000} name="Calls left today" />
            <Timeline
              steps={[
                {
                  id: '1',
                  at: '2026-04-10T08:41:06Z',
                  is: 'done',
                  title: 'Frozen as attempt 1',
                  text: 'Exact bytes stored before anything left.',
                },
                {
                  id: '2',
                  at: '2026-04-10T08:41:07Z',
                  is: 'progress',
                  icon: 'send',
                  title: 'Sent to Exact Online',
                  text: 'POST salesentry/SalesEntries',
                },
                {
                  id: '3',
                  at: '2026-04-10T08:41:37Z',
                  is: 'needs',
                  title: 'No answer after 30 s',
                  text: 'It may or may not have arrived. Not sent again.',
                },
                {
                  id: '4',
                  at: '2026-04-10T08:41:54Z',
                  is: 'done',
                  title: 'Adopted, posted once',
                  text: 'Gross in Exact 8,375.87, equal to ours.',
                },
              ]}
            />
          </div>
        </Section>
        <Section title="Choosing">
          <div className={styles.flow}>
            <Segments
              name="View"
              value={view}
              onChange={setView}
              options={[
                { value: 'day', label: 'Day' },
                { value: 'week', label: 'Week' },
                { value: 'calendar', label: 'Calendar', count: 3 },
              ]}
            />
          </div>
          <Tabs
            name="Detail"
            value={tab}
            onChange={setTab}
            options={[
              { value: 'payload', label: 'Payload' },
              { value: 'answer', label: 'What Exact answered', count: 1 },
            ]}
          >
            <Payload name="Payload">
              {JSON.stringify({ Journal: '70', YourRef: '2026-0118', SalesEntryLines: [{ AmountFC: 4992 }] }, null, 2)}
            </Payload>
          </Tabs>
        </Section>
        <Section title="Icons">
          <div className={styles.flow}>
            {iconNames.map((name) => (
              <span key={name} className="row small muted">
                <Icon name={name} /> {name}
              </span>
            ))}
          </div>
        </Section>
        <Section title="Colours">
          <div className={styles.swatches}>
            {tokens.map((token) => (
              <span key={token}>
                <i style={{ background: `var(--${token})` }} />
                {token}
              </span>
            ))}
          </div>
        </Section>
        <ConfirmWithPreview
          open={asking}
          onClose={() => setAsking(false)}
          title="Send 12 invoices"
          preview={
            <Facts
              rows={[
                ['Invoices', '2026-0118 to 2026-0129'],
                ['Total', <Money key="t" amount="24907.93" currency="EUR" />],
              ]}
            />
          }
          never="A sent invoice does not change; it is corrected by a credit note."
          action="Send 12 invoices"
          onConfirm={() => setAsking(false)}
        />
      </Body>
      <KeyBar
        keys={[
          { keys: ['ArrowUp', 'ArrowDown'], does: 'move' },
          { keys: ['Delete'], does: 'empty cell' },
        ]}
      />
    </Page>
  )
}

/** The same without a firm around it, so that it needs no server. */
export function GalleryAlone() {
  return (
    <main style={{ height: '100dvh', display: 'flex' }}>
      <Gallery />
      <Toasts />
    </main>
  )
}
