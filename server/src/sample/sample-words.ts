/** What the sample firm calls its work. */
export const sampleWords = {
  nl: {
    activities: {
      development: 'Ontwikkeling',
      advice: 'Advies',
      design: 'Ontwerp',
      meeting: 'Overleg',
      training: 'Opleiding',
    },
    projects: { portal: 'Serviceportaal', stock: 'Voorraad-app', internal: 'Intern' },
    notes: {
      development: 'Koppeling met de werkorders',
      advice: 'Keuze van de hosting doorgenomen',
      design: 'Schermen voor de monteur',
      meeting: 'Wekelijks overleg',
      training: 'Toegankelijkheid',
    },
    agreed: { upkeep: 'Onderhoud', part: 'Termijn', role: 'Directeur' },
    trips: {
      car: 'Auto van de zaak',
      meeting: 'Wekelijks overleg',
      show: 'Schermen laten zien',
      demonstration: 'Demonstratie',
    },
  },
  en: {
    activities: {
      development: 'Development',
      advice: 'Consultancy',
      design: 'Design',
      meeting: 'Meeting',
      training: 'Training',
    },
    projects: { portal: 'Service portal', stock: 'Stock app', internal: 'Internal' },
    notes: {
      development: 'Link with the work orders',
      advice: 'Went through the choice of hosting',
      design: 'Screens for the mechanic',
      meeting: 'Weekly meeting',
      training: 'Accessibility',
    },
    agreed: { upkeep: 'Maintenance', part: 'Instalment', role: 'Director' },
    trips: {
      car: 'Company car',
      meeting: 'Weekly meeting',
      show: 'Showed the screens',
      demonstration: 'Demonstration',
    },
  },
} as const
