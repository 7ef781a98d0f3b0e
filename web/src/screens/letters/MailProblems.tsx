import { Link } from '@tanstack/react-router'
import { Notice, Told } from '../../parts/Notice.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import type { Recipient } from './addresses.ts'
import type { LetterDraft } from './letter.ts'

type Problem = LetterDraft['problems'][number]

/** Nobody of the customer has an address: typing one mends it. */
const noAddress = 'customer-mail-missing'

/** No mail server is set: nothing mends it here. */
export const isOff = (problems: readonly Problem[] | undefined): boolean =>
  problems?.some(({ code }) => code === 'mail-not-set') ?? false

/** Those that are left: an address that was typed is an address. */
export const problemsLeft = (problems: readonly Problem[], to: readonly Recipient[]): readonly Problem[] =>
  problems.filter(({ code }) => !(code === noAddress && to.length > 0))

function Mend({ problem, customerId }: { problem: Problem; customerId: string | undefined }) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  if (problem.code === noAddress && customerId && may('customers:write'))
    return (
      <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId }}>
        {t('letters.problem.customer')}
      </Link>
    )
  if (problem.code !== noAddress && may('firm:write'))
    return (
      <Link to="/f/$firm/settings/mail" params={{ firm }}>
        {t('letters.problem.settings')}
      </Link>
    )
  return null
}

/** Why this cannot go out by e-mail: what is missing, what to do, and where. */
export function MailProblems({
  problems,
  to,
  customerId,
}: {
  problems: readonly Problem[]
  to: readonly Recipient[]
  customerId?: string
}) {
  const t = useT()
  return problemsLeft(problems, to).map((problem) => (
    <Notice key={problem.code} is="needs" title={problem.cause}>
      {problem.remedy ? <Told rows={[[t('parts.remedy'), problem.remedy]]} /> : null}
      <Mend problem={problem} customerId={customerId} />
    </Notice>
  ))
}
