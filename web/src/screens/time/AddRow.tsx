import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import type { Option } from '../../parts/find-options.ts'
import { Picker } from '../../parts/Picker.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { useAllowed } from './allowed.ts'
import styles from './time.module.css'
import type { RowHead } from './week-rows.ts'

/** Project, then activity; the second choice makes the row. */
export function AddRow({
  memberId,
  add,
  cancel,
}: {
  memberId: string
  add: (head: RowHead) => void
  cancel: () => void
}) {
  const t = useT()
  const [project, setProject] = useState<Option | null>(null)
  const may = useMay()
  const { slug: firm } = useFirm()
  const { searchProjects, activities, ready, error } = useAllowed(memberId, project?.value ?? null)
  const any = useQuery({
    queryKey: ['projects', 'any-to-write-on', memberId],
    queryFn: ({ signal }) =>
      answer(api.GET('/projects', { params: { query: { limit: 1, openTo: memberId } }, signal })),
  })
  const lacks =
    any.data?.rows.length === 0
      ? ({ word: 'time.row.noProject', to: '/f/$firm/projects', make: 'time.row.makeProject' } as const)
      : project && ready && activities.length === 0
        ? ({
            word: 'time.row.noActivity',
            to: '/f/$firm/settings/activities',
            make: 'time.row.makeActivity',
          } as const)
        : null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only Escape is heard here, from the fields inside
    <div
      className={styles.addFields}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        cancel()
      }}
    >
      <Picker
        aria-label={t('time.entry.project')}
        placeholder={t('time.row.project')}
        searchKey={`time-projects-${memberId}`}
        search={searchProjects}
        value={project?.value ?? null}
        chosen={project}
        autoFocus
        onChange={(_, option) => setProject(option)}
      />
      {project && ready ? (
        <Picker
          key={project.value}
          aria-label={t('time.entry.activity')}
          placeholder={t('time.row.activity')}
          options={activities}
          value={null}
          autoFocus
          onChange={(activityId, option) => {
            if (!activityId || !option) return
            add({
              projectId: project.value,
              projectName: project.label,
              customerName: project.hint ?? null,
              activityId,
              activityName: option.label,
            })
          }}
        />
      ) : null}
      {lacks ? (
        <span className="small muted">
          {t(lacks.word)}{' '}
          {may('projects:write') ? (
            <Link to={lacks.to} params={{ firm }}>
              {t(lacks.make)}
            </Link>
          ) : null}
        </span>
      ) : null}
      <Button kind="quiet" size="sm" keys="Escape" onClick={cancel}>
        {t('parts.cancel')}
      </Button>
      {error ? <ErrorNotice error={error} /> : null}
    </div>
  )
}
