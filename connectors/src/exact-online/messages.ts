import type { MessageRule } from '../contract/messages.ts'

// The package gives no codes: business errors are a text in the language of the connected user, several joined by
// line breaks (Exact REST reference; texts as reported by users of other connectors). Hence the patterns per line.

/** Codes of our own where the answer has none, or more than one: a gateway's page, a refresh too early, a grant that was turned down. */
export const gateway = 'gateway'
export const tooEarly = 'too-early'
export const refusedGrant = { code: 'refused-code', refresh: 'refused-refresh' } as const
/** Found by us in the draft; Exact Online has no known words for it. */
export const beforehand = 'beforehand'

const signIn: readonly MessageRule[] = [
  {
    when: { code: tooEarly },
    kind: 'temporary',
    code: 'access-still-valid',
    en: {
      cause: 'Exact Online does not renew access before the present one is about to end.',
      remedy: 'Nothing to do: the present access is still used and renewed in a few minutes.',
    },
    nl: {
      cause: 'Exact Online vernieuwt de toegang niet voordat de huidige bijna is afgelopen.',
      remedy: 'Niets te doen: de huidige toegang blijft in gebruik en wordt over enkele minuten vernieuwd.',
    },
  },
  {
    when: { code: 'unauthorized_client', text: /old refresh token/i },
    kind: 'reconnect',
    code: 'refresh-token-old',
    en: {
      cause: 'Access to Exact Online was renewed elsewhere, and what is stored here no longer counts.',
      remedy:
        'Reconnect in Settings > App Center > Exact Online. Check that no second installation (a test copy of the database, for example) uses the same connection.',
    },
    nl: {
      cause: 'De toegang tot Exact Online is elders vernieuwd; wat hier is opgeslagen geldt niet meer.',
      remedy:
        'Verbind opnieuw bij Instellingen > App Center > Exact Online. Controleer of geen tweede installatie (bijvoorbeeld een testkopie van de database) dezelfde verbinding gebruikt.',
    },
  },
  {
    when: { code: 'invalid_request', text: /refresh token expired/i },
    kind: 'reconnect',
    code: 'refresh-token-expired',
    en: {
      cause: 'The connection with Exact Online was not used for thirty days and has ended.',
      remedy: 'Reconnect in Settings > App Center > Exact Online. What waits is posted after that.',
    },
    nl: {
      cause: 'De verbinding met Exact Online is dertig dagen niet gebruikt en daardoor beëindigd.',
      remedy: 'Verbind opnieuw bij Instellingen > App Center > Exact Online. Wat wacht, wordt daarna geboekt.',
    },
  },
  {
    when: { code: 'invalid_client' },
    kind: 'setup',
    code: 'client-refused',
    en: {
      cause: 'Exact Online does not know this client id with this client secret.',
      remedy:
        'Compare both with the app registration in the Exact Online App Center of the same country, correct them here in Settings > App Center > Exact Online, and reconnect.',
    },
    nl: {
      cause: 'Exact Online kent dit client-id met dit client secret niet.',
      remedy:
        'Vergelijk beide met de appregistratie in het Exact Online App Center van hetzelfde land, verbeter ze hier bij Instellingen > App Center > Exact Online en verbind opnieuw.',
    },
  },
  {
    when: { code: refusedGrant.code },
    kind: 'reconnect',
    code: 'sign-in-code-refused',
    en: {
      cause:
        'Exact Online did not accept the answer of its sign-in page: it was used before, or is older than three minutes.',
      remedy: 'Choose Sign in again in Settings > App Center > Exact Online and finish it at once.',
    },
    nl: {
      cause:
        'Exact Online accepteerde het antwoord van de aanmeldpagina niet: het is al gebruikt of ouder dan drie minuten.',
      remedy: 'Kies bij Instellingen > App Center > Exact Online Opnieuw aanmelden en rond het meteen af.',
    },
  },
  {
    when: { code: refusedGrant.refresh },
    kind: 'reconnect',
    code: 'access-withdrawn',
    en: {
      cause: 'Exact Online no longer renews the access of this connection.',
      remedy: 'Reconnect in Settings > App Center > Exact Online. What waits is posted after that.',
    },
    nl: {
      cause: 'Exact Online vernieuwt de toegang van deze verbinding niet meer.',
      remedy: 'Verbind opnieuw bij Instellingen > App Center > Exact Online. Wat wacht, wordt daarna geboekt.',
    },
  },
]

const access: readonly MessageRule[] = [
  {
    when: { status: 403, header: { name: 'reason', value: 'BlockedUser' } },
    kind: 'reconnect',
    code: 'user-blocked',
    en: {
      cause: 'The Exact Online user who made this connection is blocked.',
      remedy:
        'Unblock the user in Exact Online, or reconnect in Settings > App Center > Exact Online as another user. A user of its own for this connection keeps it working when people leave.',
    },
    nl: {
      cause: 'De Exact Online-gebruiker die deze verbinding maakte, is geblokkeerd.',
      remedy:
        'Deblokkeer de gebruiker in Exact Online, of verbind bij Instellingen > App Center > Exact Online als een andere gebruiker. Een eigen gebruiker voor deze verbinding blijft werken als mensen vertrekken.',
    },
  },
  {
    when: { status: 403, header: { name: 'reason', value: 'InactiveUser' } },
    kind: 'reconnect',
    code: 'user-inactive',
    en: {
      cause: 'The Exact Online user who made this connection is no longer active.',
      remedy:
        'Activate the user in Exact Online, or reconnect in Settings > App Center > Exact Online as another user. A user of its own for this connection keeps it working when people leave.',
    },
    nl: {
      cause: 'De Exact Online-gebruiker die deze verbinding maakte, is niet meer actief.',
      remedy:
        'Activeer de gebruiker in Exact Online, of verbind bij Instellingen > App Center > Exact Online als een andere gebruiker. Een eigen gebruiker voor deze verbinding blijft werken als mensen vertrekken.',
    },
  },
  {
    when: { status: 403, header: { name: 'reason', value: 'BlockedCustomer' } },
    kind: 'refused',
    code: 'licence-blocked',
    en: {
      cause: 'Exact has blocked the licence that this administration belongs to.',
      remedy: 'Ask the holder of the licence to settle it with Exact; then choose Send again.',
    },
    nl: {
      cause: 'Exact heeft de licentie waar deze administratie bij hoort, geblokkeerd.',
      remedy: 'Laat de licentiehouder het met Exact regelen; kies daarna Verstuur opnieuw.',
    },
  },
  {
    when: { status: 403, header: { name: 'reason', value: 'LicenseExpired' } },
    kind: 'refused',
    code: 'licence-expired',
    en: {
      cause: 'The Exact Online licence of this administration has ended.',
      remedy: 'Ask the holder of the licence to renew it with Exact; then choose Send again.',
    },
    nl: {
      cause: 'De Exact Online-licentie van deze administratie is verlopen.',
      remedy: 'Laat de licentiehouder de licentie bij Exact verlengen; kies daarna Verstuur opnieuw.',
    },
  },
  {
    when: { status: 403, header: { name: 'reason', value: 'DivisionBlocked' } },
    kind: 'refused',
    code: 'administration-blocked',
    en: {
      cause: 'Exact Online has blocked this administration for now, for example during a backup or a conversion.',
      remedy: 'Wait until the administration opens in Exact Online again; then choose Send again.',
    },
    nl: {
      cause: 'Exact Online heeft deze administratie nu geblokkeerd, bijvoorbeeld tijdens een back-up of conversie.',
      remedy: 'Wacht tot de administratie in Exact Online weer opent; kies daarna Verstuur opnieuw.',
    },
  },
  {
    when: { status: 403, header: { name: 'reason', value: 'NoDivisionAccess' } },
    kind: 'refused',
    code: 'administration-no-access',
    en: {
      cause: 'The connected Exact Online user, or the app, may not enter this administration.',
      remedy:
        'In Exact Online: give the user access to the company, and add it for the app under your name > My Exact Online > Security centre > App permissions > Manage companies. Then choose Send again.',
    },
    nl: {
      cause: 'De verbonden Exact Online-gebruiker, of de app, mag deze administratie niet in.',
      remedy:
        'In Exact Online: geef de gebruiker toegang tot de administratie, en voeg haar voor de app toe bij uw naam > Mijn Exact Online > Beveiligingscentrum > App-machtigingen > Administraties beheren. Kies daarna Verstuur opnieuw.',
    },
  },
  {
    when: { status: 403, text: /application scope violated/i },
    kind: 'reconnect',
    code: 'scope-missing',
    en: {
      cause: 'The app as it is registered with Exact Online was not given this permission.',
      remedy:
        'Open the app registration in the Exact Online App Center, switch on the scopes named in the documentation of this connection, and reconnect in Settings > App Center > Exact Online.',
    },
    nl: {
      cause: 'De app zoals die bij Exact Online is geregistreerd, heeft deze machtiging niet gekregen.',
      remedy:
        'Open de appregistratie in het Exact Online App Center, zet de scopes aan die in de documentatie van deze verbinding staan, en verbind opnieuw bij Instellingen > App Center > Exact Online.',
    },
  },
  {
    when: { status: 403 },
    kind: 'refused',
    code: 'rights-missing',
    en: {
      cause: 'Exact Online refuses: the user who connected lacks a right there, or the licence lacks the module.',
      remedy:
        'In Exact Online: give the connected user rights for sales entries, accounts and the general ledger, and check that the licence has these functions. Then choose Send again.',
    },
    nl: {
      cause: 'Exact Online weigert: de gebruiker die verbond mist daar een recht, of de licentie mist de module.',
      remedy:
        'In Exact Online: geef de verbonden gebruiker rechten voor verkoopboekingen, relaties en het grootboek, en controleer of de licentie deze functies heeft. Kies daarna Verstuur opnieuw.',
    },
  },
  {
    when: { status: 401 },
    kind: 'reconnect',
    code: 'access-ended',
    en: {
      cause: 'Exact Online no longer accepts the access of this connection.',
      remedy: 'Reconnect in Settings > App Center > Exact Online. What waits is posted after that.',
    },
    nl: {
      cause: 'Exact Online accepteert de toegang van deze verbinding niet meer.',
      remedy: 'Verbind opnieuw bij Instellingen > App Center > Exact Online. Wat wacht, wordt daarna geboekt.',
    },
  },
  {
    when: { status: 429 },
    kind: 'temporary',
    code: 'limit-reached',
    en: {
      cause: 'Exact Online takes no more calls for this administration at the moment.',
      remedy: 'Nothing to do: it goes on by itself when Exact Online allows it again.',
    },
    nl: {
      cause: 'Exact Online neemt voor deze administratie op dit moment geen verzoeken meer aan.',
      remedy: 'Niets te doen: het gaat vanzelf verder zodra Exact Online dat weer toestaat.',
    },
  },
  {
    when: { code: gateway },
    kind: 'temporary',
    code: 'package-unavailable',
    en: {
      cause: 'Exact Online did not answer as it should; it is probably unavailable.',
      remedy: 'Nothing to do: it is tried again by itself, and looked up first where something may have been booked.',
    },
    nl: {
      cause: 'Exact Online antwoordde niet zoals het hoort; waarschijnlijk is het niet bereikbaar.',
      remedy:
        'Niets te doen: het wordt vanzelf opnieuw geprobeerd, en eerst nagekeken waar misschien al iets is geboekt.',
    },
  },
]

const ledger: readonly MessageRule[] = [
  {
    when: {
      text: /^(?:Verplicht|Required|Mandatory): (?:Grootboekrekening|G\/L account|GL account|General ledger account)\s*$/im,
    },
    kind: 'setup',
    code: 'ledger-account-missing',
    en: {
      cause: 'A line has no revenue account: neither the posting rule nor the item in Exact Online gives one.',
      remedy:
        'In Exact Online: open the item, choose Edit and fill in the revenue account; or choose the ledger account in Settings > App Center > Exact Online > Posting rules.',
    },
    nl: {
      cause: 'Een regel heeft geen omzetrekening: de boekingsregel noch het artikel in Exact Online geeft er een.',
      remedy:
        'In Exact Online: open het artikel, kies Bewerken en vul de omzetrekening in; of kies de grootboekrekening bij Instellingen > App Center > Exact Online > Boekingsregels.',
    },
  },
  {
    when: {
      text: /^(?:Ongeldige referentie|Invalid reference): (?:Grootboekrekening|G\/L account|GL account|General ledger account)/im,
    },
    kind: 'setup',
    code: 'ledger-account-unknown',
    en: {
      cause: 'A ledger account of this entry does not exist in Exact Online, or not any more.',
      remedy:
        'Read the lists again in Settings > App Center > Exact Online and choose another ledger account in the posting rules.',
    },
    nl: {
      cause: 'Een grootboekrekening van deze boeking bestaat niet (meer) in Exact Online.',
      remedy:
        'Lees de lijsten opnieuw bij Instellingen > App Center > Exact Online en kies een andere grootboekrekening in de boekingsregels.',
    },
  },
  {
    when: {
      text: /^(?:Ongeldig: Grootboekrekeningtype|Invalid: (?:Type of (?:general )?ledger account|(?:G\/L|GL|General ledger|Ledger) account type)|Wrong type of ledger account)/im,
    },
    kind: 'setup',
    code: 'ledger-account-type',
    en: {
      cause:
        'Exact Online does not book sales on a ledger account of this type (bank, cash, receivable, payable or VAT).',
      remedy: 'Choose a revenue or general account in Settings > App Center > Exact Online > Posting rules.',
    },
    nl: {
      cause:
        'Exact Online boekt geen verkoop op een grootboekrekening van dit type (bank, kas, debiteuren, crediteuren of btw).',
      remedy:
        'Kies bij Instellingen > App Center > Exact Online > Boekingsregels een rekening van het type omzet of neutraal.',
    },
  },
  {
    when: {
      text: /^(?:Geblokkeerd: Grootboekrekening|Ongeldig: Grootboekrekening \(Geblokkeerd\)|Blocked: (?:G\/L|GL|General ledger|Ledger) account|Invalid: (?:G\/L|GL|General ledger|Ledger) account \(Blocked\))/im,
    },
    kind: 'setup',
    code: 'ledger-account-blocked',
    en: {
      cause: 'A ledger account of this entry is blocked in Exact Online.',
      remedy:
        'Unblock the account in the chart of accounts in Exact Online, or choose another one in Settings > App Center > Exact Online > Posting rules.',
    },
    nl: {
      cause: 'Een grootboekrekening van deze boeking is geblokkeerd in Exact Online.',
      remedy:
        'Deblokkeer de rekening in het rekeningschema van Exact Online, of kies een andere bij Instellingen > App Center > Exact Online > Boekingsregels.',
    },
  },
  {
    when: { text: /^(?:Verplicht|Required|Mandatory): (?:Kostenplaats|Cost cent(?:er|re))\s*$/im },
    kind: 'setup',
    code: 'cost-centre-missing',
    en: {
      cause: 'A ledger account of this entry demands a cost centre in Exact Online, and the line has none.',
      remedy:
        'Give the posting rule a cost centre in Settings > App Center > Exact Online, or make the cost centre optional on that account in Exact Online.',
    },
    nl: {
      cause: 'Een grootboekrekening van deze boeking eist in Exact Online een kostenplaats, en de regel heeft er geen.',
      remedy:
        'Geef de boekingsregel een kostenplaats bij Instellingen > App Center > Exact Online, of maak de kostenplaats op die rekening in Exact Online optioneel.',
    },
  },
  {
    when: { text: /^(?:Verplicht|Required|Mandatory): (?:Kostendrager|Cost unit)\s*$/im },
    kind: 'setup',
    code: 'cost-unit-missing',
    en: {
      cause: 'A ledger account of this entry demands a cost unit in Exact Online, and the line has none.',
      remedy:
        'Give the posting rule a cost unit in Settings > App Center > Exact Online, or make the cost unit optional on that account in Exact Online.',
    },
    nl: {
      cause: 'Een grootboekrekening van deze boeking eist in Exact Online een kostendrager, en de regel heeft er geen.',
      remedy:
        'Geef de boekingsregel een kostendrager bij Instellingen > App Center > Exact Online, of maak de kostendrager op die rekening in Exact Online optioneel.',
    },
  },
  {
    when: {
      text: /^(?:Ongeldig: (?:Kostenplaats|Kostendrager) koppeling|Invalid: Cost (?:cent(?:er|re)|unit) link)/im,
    },
    kind: 'setup',
    code: 'cost-centre-link',
    en: {
      cause: 'The cost centre or cost unit of a line does not go with its ledger account in Exact Online.',
      remedy:
        'Link them in Exact Online, or choose another one (or none) in Settings > App Center > Exact Online > Posting rules.',
    },
    nl: {
      cause: 'De kostenplaats of kostendrager van een regel hoort in Exact Online niet bij de grootboekrekening.',
      remedy:
        'Koppel ze in Exact Online, of kies een andere (of geen) bij Instellingen > App Center > Exact Online > Boekingsregels.',
    },
  },
  {
    when: {
      text: /^(?:Ongeldige referentie: (?:Kostenplaats|Kostendrager)|Ongeldig: (?:Kostenplaats|Kostendrager) \(Niet actief\)|Invalid reference: Cost (?:cent(?:er|re)|unit)|Invalid: Cost (?:cent(?:er|re)|unit) \(Inactive\))/im,
    },
    kind: 'setup',
    code: 'cost-centre-unknown',
    en: {
      cause: 'A cost centre or cost unit of this entry does not exist in Exact Online, or has ended.',
      remedy:
        'Read the lists again in Settings > App Center > Exact Online and choose another one in the posting rules.',
    },
    nl: {
      cause: 'Een kostenplaats of kostendrager van deze boeking bestaat niet in Exact Online of is beëindigd.',
      remedy:
        'Lees de lijsten opnieuw bij Instellingen > App Center > Exact Online en kies een andere in de boekingsregels.',
    },
  },
]

const vat: readonly MessageRule[] = [
  {
    when: { text: /^(?:Ongeldige referentie: Btw-code|Invalid reference: VAT code)/im },
    kind: 'setup',
    code: 'vat-code-unknown',
    en: {
      cause: 'A VAT code of this entry does not exist in Exact Online.',
      remedy:
        'Read the lists again in Settings > App Center > Exact Online and choose another VAT code in the posting rules.',
    },
    nl: {
      cause: 'Een btw-code van deze boeking bestaat niet in Exact Online.',
      remedy:
        'Lees de lijsten opnieuw bij Instellingen > App Center > Exact Online en kies een andere btw-code in de boekingsregels.',
    },
  },
  {
    when: {
      text: /^(?:Geblokkeerd: Btw-code|Ongeldig: Btw-code \(Geblokkeerd\)|Blocked: VAT code|Invalid: VAT code \(Blocked\))/im,
    },
    kind: 'setup',
    code: 'vat-code-blocked',
    en: {
      cause: 'A VAT code of this entry is blocked in Exact Online.',
      remedy:
        'Unblock the VAT code in Exact Online, or choose another one in Settings > App Center > Exact Online > Posting rules.',
    },
    nl: {
      cause: 'Een btw-code van deze boeking is geblokkeerd in Exact Online.',
      remedy:
        'Deblokkeer de btw-code in Exact Online, of kies een andere bij Instellingen > App Center > Exact Online > Boekingsregels.',
    },
  },
  {
    when: { text: /^(?:Ongeldig: Btw-percentage|Invalid: VAT percentage)/im },
    kind: 'setup',
    code: 'vat-percentage',
    en: {
      cause:
        'The VAT code of a line does not fit the percentage or the country at the date of the invoice in Exact Online.',
      remedy:
        'Look at the percentages of the VAT code in Exact Online, or choose the code for this rate in Settings > App Center > Exact Online > Posting rules.',
    },
    nl: {
      cause: 'De btw-code van een regel past in Exact Online niet bij het percentage of het land op de factuurdatum.',
      remedy:
        'Bekijk de percentages van de btw-code in Exact Online, of kies de code voor dit tarief bij Instellingen > App Center > Exact Online > Boekingsregels.',
    },
  },
  {
    when: {
      text: /^(?:Niet toegestaan|Ongeldig): Btw-bedrag|^(?:Not allowed|Invalid): VAT amount|VAT amount (?:is )?not allowed|btw-bedrag (?:is )?niet toegestaan/im,
    },
    kind: 'setup',
    code: 'vat-amount-without-vat',
    en: {
      cause:
        'A line has VAT, but its VAT code in Exact Online charges none: it is one without VAT, or one that shifts it.',
      remedy: 'Choose the VAT code of this rate in Settings > App Center > Exact Online > Posting rules.',
    },
    nl: {
      cause:
        'Een regel heeft btw, maar de btw-code in Exact Online rekent er geen: ze is zonder btw, of verlegt de btw.',
      remedy: 'Kies de btw-code van dit tarief bij Instellingen > App Center > Exact Online > Boekingsregels.',
    },
  },
  {
    when: { text: /^(?:(?:Niet toegestaan|Ongeldig): Btw-code|(?:Not allowed|Invalid): VAT code)/im },
    kind: 'setup',
    code: 'vat-code-not-allowed',
    en: {
      cause:
        'Exact Online does not allow this VAT code here: VAT is off in the journal, or the code is for purchases only.',
      remedy:
        'Switch on VAT in the sales journal in Exact Online, or choose another journal or VAT code in Settings > App Center > Exact Online.',
    },
    nl: {
      cause:
        'Exact Online staat deze btw-code hier niet toe: btw staat uit in het dagboek, of de code is alleen voor inkoop.',
      remedy:
        'Zet btw aan in het verkoopdagboek in Exact Online, of kies een ander dagboek of een andere btw-code bij Instellingen > App Center > Exact Online.',
    },
  },
  {
    when: {
      text: /bedrag van de btw[- ]?regel met btw[- ]?code .*komt niet overeen|amount of the VAT line with VAT code .*does not (?:match|correspond)/i,
    },
    kind: 'setup',
    code: 'vat-code-including',
    en: {
      cause: 'The VAT code of a line computes from amounts including VAT; ours are excluding VAT.',
      remedy: 'Choose a VAT code of the type Excluding in Settings > App Center > Exact Online > Posting rules.',
    },
    nl: {
      cause: 'De btw-code van een regel rekent met bedragen inclusief btw; de onze zijn exclusief.',
      remedy: 'Kies een btw-code van het type Exclusief bij Instellingen > App Center > Exact Online > Boekingsregels.',
    },
  },
  {
    when: { code: beforehand },
    kind: 'setup',
    code: 'vat-code-not-understood',
    en: {
      cause:
        'Exact Online says of VAT code {vatCode} no type, side or percentage that is known here, so it is not known how it counts.',
      remedy:
        'Look at type, transaction type and percentage of the VAT code in Exact Online and read the lists again, or choose another VAT code in Settings > App Center > Exact Online > Posting rules.',
    },
    nl: {
      cause:
        'Exact Online noemt bij btw-code {vatCode} geen soort, kant of percentage dat hier bekend is; dan is niet te zeggen hoe hij rekent.',
      remedy:
        'Bekijk soort, transactiesoort en percentage van de btw-code in Exact Online en lees de lijsten opnieuw, of kies een andere btw-code bij Instellingen > App Center > Exact Online > Boekingsregels.',
    },
  },
]

const customers: readonly MessageRule[] = [
  {
    when: { text: /^(?:Ongeldig|Invalid): (?<field>.+?) \((?:te lang|too long)/im },
    kind: 'refused',
    code: 'field-too-long',
    en: {
      cause: 'What was sent as “{field}” is longer than Exact Online holds.',
      remedy: 'Shorten it on the page of the customer or the invoice, and send again.',
    },
    nl: {
      cause: 'Wat als “{field}” is verstuurd, is langer dan Exact Online kan bewaren.',
      remedy: 'Kort het in op de pagina van de debiteur of de factuur, en verstuur opnieuw.',
    },
  },
  {
    when: {
      text: /^(?:Verplicht|Required|Mandatory): (?:Relatie|Klant|Factuur voor|Besteld door|Account|Customer|Invoice to|Ordered by)\s*$/im,
    },
    kind: 'setup',
    code: 'customer-missing',
    en: {
      cause: 'The customer of this entry is not known in Exact Online yet.',
      remedy:
        'Import the customers in Settings > App Center > Exact Online if the account is there already; if not, it is made by itself when the invoice is sent again.',
    },
    nl: {
      cause: 'De debiteur van deze boeking is nog niet bekend in Exact Online.',
      remedy:
        'Importeer de debiteuren bij Instellingen > App Center > Exact Online als de relatie er al is; zo niet, dan wordt ze vanzelf aangemaakt als je de factuur opnieuw verstuurt.',
    },
  },
  {
    when: {
      text: /^(?:Ongeldige referentie: (?:Relatie|Klant|Factuur voor|Besteld door)|Invalid reference: (?:Account|Customer|Invoice to|Ordered by))/im,
    },
    kind: 'setup',
    code: 'customer-unknown',
    en: {
      cause: 'The customer that this one is linked to does not exist in Exact Online any more.',
      remedy:
        'On the page of the customer choose Cut the link: the next posting looks for it in Exact Online, and makes it there if it is not found. Then send again.',
    },
    nl: {
      cause: 'De relatie waaraan deze debiteur is gekoppeld, bestaat niet meer in Exact Online.',
      remedy:
        'Kies op de pagina van de debiteur Koppeling verbreken: bij de volgende boeking wordt de debiteur in Exact Online gezocht, en aangemaakt als die er niet is. Verstuur daarna opnieuw.',
    },
  },
  {
    when: {
      text: /^(?:Ongeldig: (?:Klant|Factuur voor|Besteld door|Relatie) \(Type\)|Invalid: (?:Customer|Invoice to|Ordered by|Account) \(Type\))/im,
    },
    kind: 'refused',
    code: 'customer-not-customer',
    en: {
      cause: 'The account exists in Exact Online, but not as a customer (it is a supplier or a prospect).',
      remedy: 'In Exact Online: open the account and make it a customer; then import customers and send again.',
    },
    nl: {
      cause: 'De relatie bestaat in Exact Online, maar niet als klant (het is een leverancier of prospect).',
      remedy:
        'In Exact Online: open de relatie en maak er een klant van; importeer daarna de debiteuren en verstuur opnieuw.',
    },
  },
  {
    when: {
      text: /^(?:Geblokkeerd: (?:Klant|Relatie|Factuur voor|Besteld door)|Ongeldig: (?:Klant|Relatie|Factuur voor|Besteld door) \(Geblokkeerd\)|Blocked: (?:Customer|Account|Invoice to|Ordered by)|Invalid: (?:Customer|Account|Invoice to|Ordered by) \(Blocked\))/im,
    },
    kind: 'refused',
    code: 'customer-blocked',
    en: {
      cause: 'The customer is blocked in Exact Online.',
      remedy: 'In Exact Online: open the account and take the block away; then import customers and send again.',
    },
    nl: {
      cause: 'De debiteur is geblokkeerd in Exact Online.',
      remedy:
        'In Exact Online: open de relatie en haal de blokkade weg; importeer daarna de debiteuren en verstuur opnieuw.',
    },
  },
  {
    when: {
      text: /^(?:Beëindigd: (?:Klant|Relatie|Factuur voor|Besteld door)|Ongeldig: (?:Klant|Relatie|Factuur voor|Besteld door) \(Niet actief\)|(?:Ended|Inactive): (?:Customer|Account|Invoice to|Ordered by)|Invalid: (?:Customer|Account|Invoice to|Ordered by) \(Inactive\))/im,
    },
    kind: 'refused',
    code: 'customer-ended',
    en: {
      cause: 'The customer has an end date in Exact Online that has passed.',
      remedy: 'In Exact Online: open the account and clear the end date; then import customers and send again.',
    },
    nl: {
      cause: 'De debiteur heeft in Exact Online een einddatum die voorbij is.',
      remedy:
        'In Exact Online: open de relatie en wis de einddatum; importeer daarna de debiteuren en verstuur opnieuw.',
    },
  },
  {
    when: { text: /debiteurenrekening.*dagboek|receivables? account.*journal/i },
    kind: 'refused',
    code: 'receivable-account-differs',
    en: {
      cause:
        'The customer has a receivables account of its own in Exact Online that differs from the one of the sales journal.',
      remedy:
        'In Exact Online: make the receivables account of the customer and of the journal the same; then send again.',
    },
    nl: {
      cause:
        'De debiteur heeft in Exact Online een eigen debiteurenrekening, die afwijkt van die van het verkoopdagboek.',
      remedy:
        'Maak in Exact Online de debiteurenrekening van de debiteur en van het dagboek gelijk; verstuur daarna opnieuw.',
    },
  },
  {
    when: { text: /^(?:Ongeldig|Invalid): E-?mail(?:adres| address)?(?: \[(?<address>[^\]]*)\])?/im },
    kind: 'refused',
    code: 'email-invalid',
    en: {
      cause: 'Exact Online does not accept the e-mail address of this customer.',
      remedy:
        'Correct the e-mail address on the page of the customer (one address, no name around it), and send again.',
    },
    nl: {
      cause: 'Exact Online accepteert het e-mailadres van deze debiteur niet.',
      remedy:
        'Verbeter het e-mailadres op de pagina van de debiteur (één adres, zonder naam eromheen) en verstuur opnieuw.',
    },
  },
  {
    when: { text: /^(?:Ongeldig: Btw-nummer|Invalid: VAT number)/im },
    kind: 'refused',
    code: 'vat-id-invalid',
    en: {
      cause: 'Exact Online does not accept the VAT id of this customer.',
      remedy: 'Correct the VAT id on the page of the customer, and send again.',
    },
    nl: {
      cause: 'Exact Online accepteert het btw-nummer van deze debiteur niet.',
      remedy: 'Verbeter het btw-nummer op de pagina van de debiteur en verstuur opnieuw.',
    },
  },
  {
    when: { text: /^(?:Ongeldig: Code|Invalid: Code)\b/im },
    kind: 'refused',
    code: 'customer-number-refused',
    en: {
      cause:
        'Exact Online does not accept this customer number as an account code; depending on its settings only digits are allowed.',
      remedy:
        'Give the customer a number of digits, or allow other codes in the settings of accounts in Exact Online; then send again.',
    },
    nl: {
      cause:
        'Exact Online accepteert dit debiteurnummer niet als relatiecode; afhankelijk van de instellingen mogen het alleen cijfers zijn.',
      remedy:
        'Geef de debiteur een nummer van cijfers, of sta andere codes toe in de instellingen van relaties in Exact Online; verstuur daarna opnieuw.',
    },
  },
  {
    when: { code: beforehand },
    kind: 'refused',
    code: 'customer-field-too-long',
    en: {
      cause: '{fieldEn} is longer than the {most} characters that Exact Online holds.',
      remedy:
        'Shorten it on the page of the customer, or make the customer in Exact Online by hand and import it. Nothing is cut off unasked.',
    },
    nl: {
      cause: '{fieldNl} is langer dan de {most} tekens die Exact Online kan bewaren.',
      remedy:
        'Kort het in op de pagina van de debiteur, of maak de debiteur met de hand aan in Exact Online en importeer die. Ongevraagd wordt niets afgekapt.',
    },
  },
]

const items: readonly MessageRule[] = [
  {
    when: { text: /^(?:Verplicht|Required|Mandatory): (?:Artikel|Item)\s*$/im },
    kind: 'setup',
    code: 'item-required',
    en: {
      cause: 'A line of this invoice has no item, and Exact Online invoices items only.',
      remedy:
        'Choose an item for it in Settings > App Center > Exact Online > Items, or choose a default item there; then send again.',
    },
    nl: {
      cause: 'Een regel van deze factuur heeft geen artikel, en Exact Online factureert alleen artikelen.',
      remedy:
        'Kies er een artikel voor bij Instellingen > App Center > Exact Online > Artikelen, of kies daar een standaardartikel; verstuur daarna opnieuw.',
    },
  },
  {
    when: { text: /^(?:Ongeldige referentie: Artikel|Invalid reference: Item)(?! ?group|groep)/im },
    kind: 'setup',
    code: 'item-unknown',
    en: {
      cause: 'An item of this invoice does not exist in Exact Online any more.',
      remedy:
        'Read the lists again and choose another item in Settings > App Center > Exact Online > Items; then send again.',
    },
    nl: {
      cause: 'Een artikel van deze factuur bestaat niet meer in Exact Online.',
      remedy:
        'Lees de lijsten opnieuw en kies een ander artikel bij Instellingen > App Center > Exact Online > Artikelen; verstuur daarna opnieuw.',
    },
  },
  {
    when: {
      text: /^(?:Geblokkeerd: Artikel|Ongeldig: Artikel \((?:Geblokkeerd|Verkoop)\)|Blocked: Item|Invalid: Item \((?:Blocked|Sales)\))/im,
    },
    kind: 'setup',
    code: 'item-blocked',
    en: {
      cause: 'An item of this invoice is blocked in Exact Online, or is not sold any more.',
      remedy:
        'In Exact Online: open the item and make it a sales item again; or choose another one in Settings > App Center > Exact Online > Items. Then send again.',
    },
    nl: {
      cause: 'Een artikel van deze factuur is geblokkeerd in Exact Online, of wordt niet meer verkocht.',
      remedy:
        'In Exact Online: open het artikel en maak er weer een verkoopartikel van; of kies een ander bij Instellingen > App Center > Exact Online > Artikelen. Verstuur daarna opnieuw.',
    },
  },
  {
    when: {
      text: /^(?:Beëindigd: Artikel|Ongeldig: Artikel \(Niet actief\)|(?:Ended|Inactive): Item|Invalid: Item \(Inactive\))/im,
    },
    kind: 'setup',
    code: 'item-ended',
    en: {
      cause: 'An item of this invoice has ended in Exact Online, or has not started yet.',
      remedy:
        'In Exact Online: open the item and change its dates; or choose another one in Settings > App Center > Exact Online > Items. Then send again.',
    },
    nl: {
      cause: 'Een artikel van deze factuur is in Exact Online beëindigd, of nog niet ingegaan.',
      remedy:
        'In Exact Online: open het artikel en wijzig de datums; of kies een ander bij Instellingen > App Center > Exact Online > Artikelen. Verstuur daarna opnieuw.',
    },
  },
  {
    when: { text: /^(?:Ongeldig: Aantal|Invalid: Quantity)/im },
    kind: 'setup',
    code: 'quantity-not-whole',
    en: {
      cause: 'Exact Online does not take the quantity of a line: its item goes by whole numbers only.',
      remedy:
        'In Exact Online: open the item and allow fractions; or choose another item in Settings > App Center > Exact Online > Items. Then send again.',
    },
    nl: {
      cause: 'Exact Online neemt het aantal van een regel niet aan: het artikel gaat alleen per heel aantal.',
      remedy:
        'In Exact Online: open het artikel en sta breuken toe; of kies een ander artikel bij Instellingen > App Center > Exact Online > Artikelen. Verstuur daarna opnieuw.',
    },
  },
]

const archived: readonly MessageRule[] = [
  {
    when: { text: /^(?:Ongeldige referentie: (?:Boeking|Transactie)|Invalid reference: (?:Entry|Transaction))\b/im },
    kind: 'refused',
    code: 'entry-gone',
    en: {
      cause: 'The entry that this belongs to is not in Exact Online any more.',
      remedy: 'Look in Exact Online who deleted the entry; post the invoice again if it should stand there.',
    },
    nl: {
      cause: 'De boeking waar dit bij hoort, staat niet meer in Exact Online.',
      remedy:
        'Kijk in Exact Online wie de boeking heeft verwijderd; boek de factuur opnieuw als die er hoort te staan.',
    },
  },
  {
    when: { text: /^(?:Ongeldige referentie: (?:Verkoopf|F)actuur\s*$|Invalid reference: (?:Sales i|I)nvoice\s*$)/im },
    kind: 'refused',
    code: 'invoice-gone',
    en: {
      cause: 'The invoice to print is not in Exact Online any more; somebody discarded it there.',
      remedy: 'Release it here, so that its hours and expenses can be invoiced again.',
    },
    nl: {
      cause: 'De te printen factuur staat niet meer in Exact Online; iemand heeft hem daar weggegooid.',
      remedy: 'Geef hem hier vrij, zodat de uren en onkosten opnieuw kunnen worden gefactureerd.',
    },
  },
  {
    when: { text: /^(?:Ongeldige referentie: Document|Invalid reference: Document)\s*$/im },
    kind: 'refused',
    code: 'document-gone',
    en: {
      cause: 'The document that the PDF belongs to is not in Exact Online any more.',
      remedy: 'Add the PDF to the entry in Exact Online by hand, or give this posting up: the entry itself stands.',
    },
    nl: {
      cause: 'Het document waar de pdf bij hoort, staat niet meer in Exact Online.',
      remedy:
        'Voeg de pdf in Exact Online met de hand bij de boeking, of laat deze verzending vallen: de boeking zelf staat.',
    },
  },
  {
    when: { text: /^(?:Ongeldig: Bijlage \(te groot\)|Invalid: Attachment \(too large\))/im },
    kind: 'refused',
    code: 'attachment-too-large',
    en: {
      cause: 'The file is larger than Exact Online takes, about 10 megabytes.',
      remedy:
        'Leave receipts and other files out of the PDF, or add it in Exact Online by hand; the entry itself stands.',
    },
    nl: {
      cause: 'Het bestand is groter dan Exact Online aanneemt, ongeveer 10 megabyte.',
      remedy:
        'Laat bonnen en andere bestanden uit de pdf weg, of voeg hem in Exact Online met de hand toe; de boeking zelf staat.',
    },
  },
  {
    when: { code: beforehand },
    kind: 'refused',
    code: 'printing-incomplete',
    en: {
      cause: 'Exact Online printed the invoice only in part: {words}',
      remedy: 'Look at the invoice in Exact Online and make what is missing there, the document or the mail.',
    },
    nl: {
      cause: 'Exact Online heeft de factuur maar ten dele geprint: {words}',
      remedy: 'Bekijk de factuur in Exact Online en maak daar wat ontbreekt, het document of de e-mail.',
    },
  },
  {
    when: { code: beforehand },
    kind: 'setup',
    code: 'invoice-missing',
    en: {
      cause: 'The invoice to print does not stand in Exact Online yet.',
      remedy: 'Nothing to do here: it is printed as soon as the posting before it has gone through. Mend that one.',
    },
    nl: {
      cause: 'De te printen factuur staat nog niet in Exact Online.',
      remedy: 'Hier is niets te doen: hij wordt geprint zodra de verzending ervoor is gelukt. Herstel die.',
    },
  },
  {
    when: { code: beforehand },
    kind: 'setup',
    code: 'entry-missing',
    en: {
      cause: 'The entry that this document belongs to does not stand in Exact Online yet.',
      remedy: 'Nothing to do here: it goes along as soon as the entry is booked. Mend that posting.',
    },
    nl: {
      cause: 'De boeking waar dit document bij hoort, staat nog niet in Exact Online.',
      remedy: 'Hier is niets te doen: het gaat mee zodra de boeking er staat. Herstel die verzending.',
    },
  },
  {
    when: { code: beforehand },
    kind: 'setup',
    code: 'document-missing',
    en: {
      cause: 'The document that the PDF belongs to does not stand in Exact Online yet.',
      remedy: 'Nothing to do here: the PDF goes along as soon as the document is there. Mend that posting.',
    },
    nl: {
      cause: 'Het document waar de pdf bij hoort, staat nog niet in Exact Online.',
      remedy: 'Hier is niets te doen: de pdf gaat mee zodra het document er staat. Herstel die verzending.',
    },
  },
  {
    when: { code: beforehand },
    kind: 'setup',
    code: 'list-not-shown',
    en: {
      cause:
        'Exact Online shows no {listEn}, and the right to see them may be missing: an empty list means nothing then.',
      remedy:
        'In Exact Online: give the connected user the right to see them, or connect as another user in Settings > App Center > Exact Online. Nothing is posted or taken for deleted until then.',
    },
    nl: {
      cause:
        'Exact Online laat geen {listNl} zien, en misschien ontbreekt het recht daarop: een lege lijst zegt dan niets.',
      remedy:
        'Geef in Exact Online de verbonden gebruiker het recht om ze te zien, of verbind bij Instellingen > App Center > Exact Online als een andere gebruiker. Tot dan wordt niets geboekt of voor verwijderd gehouden.',
    },
  },
  {
    when: { code: beforehand },
    kind: 'temporary',
    code: 'disappeared-unexplained',
    en: {
      cause: 'Exact Online no longer shows this, and does not say that it was deleted either.',
      remedy:
        'Check in Exact Online that the connected user still has the right to see it. It is looked at again the next time.',
    },
    nl: {
      cause: 'Exact Online laat dit niet meer zien, en zegt ook niet dat het is verwijderd.',
      remedy:
        'Kijk in Exact Online of de verbonden gebruiker het nog mag zien. De volgende keer wordt er opnieuw gekeken.',
    },
  },
]

const entries: readonly MessageRule[] = [
  {
    when: {
      text: /^(?:Ongeldige referentie: Dagboek|Invalid reference: Journal|(?:Verplicht|Required|Mandatory): (?:Dagboek|Journal)\s*$)/im,
    },
    kind: 'setup',
    code: 'journal-unknown',
    en: {
      cause: 'The sales journal of this connection does not exist in Exact Online, or none was chosen.',
      remedy: 'Read the lists again in Settings > App Center > Exact Online and choose the sales journal again.',
    },
    nl: {
      cause: 'Het verkoopdagboek van deze verbinding bestaat niet in Exact Online, of er is geen gekozen.',
      remedy:
        'Lees de lijsten opnieuw bij Instellingen > App Center > Exact Online en kies het verkoopdagboek opnieuw.',
    },
  },
  {
    when: {
      text: /^(?:Geblokkeerd: Dagboek|Ongeldig: Dagboek \(Geblokkeerd\)|Blocked: Journal|Invalid: Journal \(Blocked\))/im,
    },
    kind: 'setup',
    code: 'journal-blocked',
    en: {
      cause: 'The sales journal is blocked in Exact Online.',
      remedy: 'Unblock the journal in Exact Online, or choose another one in Settings > App Center > Exact Online.',
    },
    nl: {
      cause: 'Het verkoopdagboek is geblokkeerd in Exact Online.',
      remedy: 'Deblokkeer het dagboek in Exact Online, of kies een ander bij Instellingen > App Center > Exact Online.',
    },
  },
  {
    when: { text: /^(?:Ongeldig: Dagboek|Invalid: Journal)/im },
    kind: 'setup',
    code: 'journal-type',
    en: {
      cause: 'The chosen journal is not a sales journal in Exact Online.',
      remedy: 'Choose a journal of the type Sales in Settings > App Center > Exact Online.',
    },
    nl: {
      cause: 'Het gekozen dagboek is in Exact Online geen verkoopdagboek.',
      remedy: 'Kies bij Instellingen > App Center > Exact Online een dagboek van het type Verkoop.',
    },
  },
  {
    when: { text: /^(?:Ongeldig: Valuta|Niet toegestaan: Valuta|Invalid: Currency|Not allowed: Currency)/im },
    kind: 'setup',
    code: 'journal-currency',
    en: {
      cause: 'The sales journal in Exact Online does not take the currency of this invoice.',
      remedy:
        'Allow other currencies in the journal in Exact Online, or choose another journal in Settings > App Center > Exact Online.',
    },
    nl: {
      cause: 'Het verkoopdagboek in Exact Online neemt de valuta van deze factuur niet aan.',
      remedy:
        'Sta andere valuta toe in het dagboek in Exact Online, of kies een ander dagboek bij Instellingen > App Center > Exact Online.',
    },
  },
  {
    when: {
      text: /^(?:(?:Verplicht|Ongeldige referentie): Betalingsconditie|(?:Required|Mandatory|Invalid reference): Payment condition)/im,
    },
    kind: 'setup',
    code: 'payment-condition-unknown',
    en: {
      cause: 'The payment condition of this entry is missing or does not exist in Exact Online.',
      remedy:
        'Read the lists again in Settings > App Center > Exact Online and choose the payment condition again, there or on the page of the customer.',
    },
    nl: {
      cause: 'De betalingsconditie van deze boeking ontbreekt of bestaat niet in Exact Online.',
      remedy:
        'Lees de lijsten opnieuw bij Instellingen > App Center > Exact Online en kies de betalingsconditie opnieuw, daar of op de pagina van de debiteur.',
    },
  },
  {
    when: { text: /^(?:(?:De )?periode is afgesloten|(?:The )?period is closed)/im },
    kind: 'refused',
    code: 'period-closed',
    en: {
      cause: 'The period in which this entry falls is closed in Exact Online.',
      remedy:
        'Reopen the period for the sales journal in Exact Online, or book the entry in the first open period: the invoice keeps its date.',
    },
    nl: {
      cause: 'De periode waarin deze boeking valt, is afgesloten in Exact Online.',
      remedy:
        'Heropen de periode voor het verkoopdagboek in Exact Online, of boek in de eerste open periode: de factuur houdt haar datum.',
    },
  },
  {
    when: { text: /^(?:Onbekend: Boekjaar|Unknown: Financial year)/im },
    kind: 'refused',
    code: 'financial-year-missing',
    en: {
      cause: 'The financial year of this entry does not exist in Exact Online yet.',
      remedy:
        'Create the year in the period-date table in Exact Online; then read the lists again in Settings > App Center > Exact Online and send again.',
    },
    nl: {
      cause: 'Het boekjaar van deze boeking bestaat nog niet in Exact Online.',
      remedy:
        'Maak het jaar aan in de periode-datumtabel in Exact Online; lees daarna de lijsten opnieuw bij Instellingen > App Center > Exact Online en verstuur opnieuw.',
    },
  },
  {
    when: { text: /niet in evenwicht|out of balance|not (?:in balance|balanced)/i },
    kind: 'refused',
    code: 'out-of-balance',
    en: {
      cause: 'Exact Online finds that the lines and VAT of this entry do not add up to its total.',
      remedy:
        'Look in Exact Online whether the VAT codes of the posting rules compute excluding VAT and whether an account for calculation differences is set; then send again.',
    },
    nl: {
      cause: 'Volgens Exact Online tellen de regels en de btw van deze boeking niet op tot het totaal.',
      remedy:
        'Kijk in Exact Online of de btw-codes van de boekingsregels exclusief btw rekenen en of een rekening voor afrondingsverschillen is ingesteld; verstuur daarna opnieuw.',
    },
  },
  {
    when: {
      text: /^(?:In gebruik: (?:Boekstuknummer|Factuurnummer)|In use: (?:Document|Entry|Invoice) number|(?:Bestaat (?:al|reeds)|Gegeven bestaat reeds) - Boekstuknummer|Already exists - Entry number)/im,
    },
    kind: 'refused',
    code: 'number-in-use',
    en: {
      cause: 'The entry number is already in use in this journal and year in Exact Online.',
      remedy:
        'Look in Exact Online whether the invoice was booked by hand: then select it under Invoices and choose In the books? > Already in the books. If not, switch off our number as entry number in Settings > App Center > Exact Online, or correct the numbering of the journal there; then send again.',
    },
    nl: {
      cause: 'Het boekstuknummer is in dit dagboek en jaar al in gebruik in Exact Online.',
      remedy:
        'Kijk in Exact Online of de factuur met de hand is geboekt: kies hem dan onder Facturen, met Al geboekt? > Al in de boeken. Zo niet, zet bij Instellingen > App Center > Exact Online ons factuurnummer als boekstuknummer uit, of herstel daar de nummering van het dagboek; verstuur daarna opnieuw.',
    },
  },
  {
    when: { text: /^(?:Gegeven bestaat reeds|Bestaat (?:al|reeds)|Already exists)/im },
    kind: 'refused',
    code: 'already-exists',
    en: {
      cause: 'A record with the same code already exists in Exact Online.',
      remedy:
        'Import the customers in Settings > App Center > Exact Online to link the existing one, or give this one another number; then send again.',
    },
    nl: {
      cause: 'In Exact Online bestaat al een gegeven met dezelfde code.',
      remedy:
        'Importeer de debiteuren bij Instellingen > App Center > Exact Online om de bestaande te koppelen, of geef deze een ander nummer; verstuur daarna opnieuw.',
    },
  },
  {
    when: { text: /^(?:Reeds verwerkt|Already processed)/im },
    kind: 'refused',
    code: 'already-processed',
    en: {
      cause: 'The entry has been processed in Exact Online and cannot be changed any more.',
      remedy: 'Correct it with a credit note and, where needed, a new invoice.',
    },
    nl: {
      cause: 'De boeking is in Exact Online verwerkt en kan niet meer worden gewijzigd.',
      remedy: 'Corrigeer met een creditnota en zo nodig een nieuwe factuur.',
    },
  },
  {
    when: { code: beforehand },
    kind: 'refused',
    code: 'number-replaced',
    en: {
      cause: 'Exact Online gave this entry the number {theirs} instead of {ours}; it is booked.',
      remedy:
        'Nothing has to be done: payments are matched by the number in “Your ref.”. Change the entry number in Exact Online if the two must be the same.',
    },
    nl: {
      cause: 'Exact Online gaf deze boeking nummer {theirs} in plaats van {ours}; ze is geboekt.',
      remedy:
        'Er hoeft niets te gebeuren: betalingen worden gekoppeld op het nummer in ‘Uw ref.’. Wijzig het boekstuknummer in Exact Online als beide gelijk moeten zijn.',
    },
  },
  {
    when: { code: beforehand },
    kind: 'refused',
    code: 'booked-twice',
    en: {
      cause: 'This entry is in Exact Online, and the same invoice of this customer stands there once more: {theirs}.',
      remedy:
        'Look at both in Exact Online and take out the one that was typed by hand; ours is known by the reference in its description.',
    },
    nl: {
      cause:
        'Deze boeking staat in Exact Online, en dezelfde factuur van deze debiteur staat er nog een keer: {theirs}.',
      remedy:
        'Bekijk beide in Exact Online en haal de met de hand ingevoerde weg; de onze herken je aan het kenmerk in de omschrijving.',
    },
  },
  {
    when: { code: beforehand },
    kind: 'refused',
    code: 'reference-too-long',
    en: {
      cause: 'The invoice number {number} is longer than the {most} characters of the reference field in Exact Online.',
      remedy:
        'Shorten the number series in Settings > Invoices. An invoice with a number this long is booked in Exact Online by hand.',
    },
    nl: {
      cause: 'Het factuurnummer {number} is langer dan de {most} tekens van het referentieveld in Exact Online.',
      remedy:
        'Verkort de nummerreeks bij Instellingen > Facturen. Een factuur met zo’n lang nummer boek je in Exact Online met de hand.',
    },
  },
  {
    when: { text: /^(?:Verplicht|Required|Mandatory): (?<field>.+)$/im },
    kind: 'refused',
    code: 'field-missing',
    en: {
      cause: 'Exact Online demands a value for “{field}”.',
      remedy:
        'Fill it in here if the page of the customer, the invoice or the connection has it; else make it optional or give it a default in Exact Online.',
    },
    nl: {
      cause: 'Exact Online eist een waarde voor “{field}”.',
      remedy:
        'Vul het hier in als de pagina van de debiteur, de factuur of de verbinding het heeft; maak het anders in Exact Online optioneel of geef het daar een standaardwaarde.',
    },
  },
  {
    when: { text: /^(?:Ongeldige referentie|Invalid reference): (?<field>.+)$/im },
    kind: 'setup',
    code: 'reference-unknown',
    en: {
      cause: 'Exact Online does not know what was sent as “{field}”; it may have been removed there.',
      remedy:
        'Read the lists again in Settings > App Center > Exact Online, look for mappings marked red, and send again.',
    },
    nl: {
      cause: 'Exact Online kent niet wat als “{field}” is verstuurd; misschien is het daar verwijderd.',
      remedy:
        'Lees de lijsten opnieuw bij Instellingen > App Center > Exact Online, kijk welke koppelingen rood zijn, en verstuur opnieuw.',
    },
  },
]

const ourMistakes: readonly MessageRule[] = [
  {
    when: { status: 400, text: /valid top-level resource object/i },
    kind: 'defect',
    code: 'request-malformed',
    en: {
      cause: 'Exact Online could not read the request.',
      remedy: 'This is a fault of the program: report it from this posting, the request is kept with it.',
    },
    nl: {
      cause: 'Exact Online kon het verzoek niet lezen.',
      remedy: 'Dit is een fout van het programma: meld het vanaf deze boeking, het verzoek is bewaard.',
    },
  },
  {
    when: { status: 413 },
    kind: 'refused',
    code: 'request-too-large',
    en: {
      cause: 'Exact Online does not take this much at once.',
      remedy:
        'For a PDF: leave receipts and other files out of it, or add it in Exact Online by hand. For an invoice: group its lines.',
    },
    nl: {
      cause: 'Exact Online neemt zo veel niet in één keer aan.',
      remedy:
        'Bij een pdf: laat bonnen en andere bestanden eruit weg, of voeg hem in Exact Online met de hand toe. Bij een factuur: groepeer de regels.',
    },
  },
  {
    when: { text: /for property ['"]?Attachment['"]? to type ['"]?Byte\[\]/i },
    kind: 'defect',
    code: 'attachment-malformed',
    en: {
      cause: 'Exact Online could not read the attached file.',
      remedy: 'This is a fault of the program: report it from this posting, the request is kept with it.',
    },
    nl: {
      cause: 'Exact Online kon het bijgevoegde bestand niet lezen.',
      remedy: 'Dit is een fout van het programma: meld het vanaf deze boeking, het verzoek is bewaard.',
    },
  },
  {
    when: { text: /converting the value.*for property ['"]?(?<field>\w+)['"]? to type/i },
    kind: 'defect',
    code: 'value-type',
    en: {
      cause: 'The field {field} was sent to Exact Online in a form it does not take.',
      remedy: 'This is a fault of the program: report it from this posting, the request is kept with it.',
    },
    nl: {
      cause: 'Het veld {field} is naar Exact Online gestuurd in een vorm die het niet aanneemt.',
      remedy: 'Dit is een fout van het programma: meld het vanaf deze boeking, het verzoek is bewaard.',
    },
  },
  {
    when: { status: 400, text: /Error in query syntax|Please add a \$select or a \$top=1/i },
    kind: 'defect',
    code: 'query-refused',
    en: {
      cause: 'Exact Online does not accept the way in which something was looked up.',
      remedy: 'This is a fault of the program: report it, with the words of Exact Online.',
    },
    nl: {
      cause: 'Exact Online accepteert niet hoe iets is opgezocht.',
      remedy: 'Dit is een fout van het programma: meld het, met de woorden van Exact Online.',
    },
  },
  {
    when: { text: /^(?:Ongeldig|Invalid): Callback[- ]?URL/im },
    kind: 'refused',
    code: 'webhook-address-refused',
    en: {
      cause: 'Exact Online reports changes only over https, to the address that the app is registered with.',
      remedy:
        'Nothing to do: changes are looked up at set times instead. For instant reports register the app with the public address of this installation.',
    },
    nl: {
      cause: 'Exact Online meldt wijzigingen alleen via https, aan het adres waarmee de app is geregistreerd.',
      remedy:
        'Niets te doen: wijzigingen worden op vaste tijden opgehaald. Registreer voor directe meldingen de app met het openbare adres van deze installatie.',
    },
  },
  {
    when: { text: /Post to callback URL endpoint returns/i },
    kind: 'refused',
    code: 'webhook-unreachable',
    en: {
      cause: 'Exact Online cannot reach this installation from outside to report changes.',
      remedy:
        'Nothing to do: changes are looked up at set times instead. For instant reports the address of this installation must be reachable over https.',
    },
    nl: {
      cause: 'Exact Online kan deze installatie niet van buitenaf bereiken om wijzigingen te melden.',
      remedy:
        'Niets te doen: wijzigingen worden op vaste tijden opgehaald. Voor directe meldingen moet het adres van deze installatie via https bereikbaar zijn.',
    },
  },
]

const general: readonly MessageRule[] = [
  {
    when: { text: /^(?:Ongeldig|Invalid): (?<field>.+)$/im },
    kind: 'refused',
    code: 'field-invalid',
    en: {
      cause: 'Exact Online does not accept what was sent as “{field}”.',
      remedy:
        'Compare it with what Exact Online holds there, correct it on the page of the customer, the invoice or the connection, and send again.',
    },
    nl: {
      cause: 'Exact Online accepteert niet wat als “{field}” is verstuurd.',
      remedy:
        'Vergelijk het met wat Exact Online daar kent, verbeter het op de pagina van de debiteur, de factuur of de verbinding, en verstuur opnieuw.',
    },
  },
]

/** The order matters: the first row that fits counts, so the particular stands before the general. */
export const messages: readonly MessageRule[] = [
  ...signIn,
  ...access,
  ...ledger,
  ...vat,
  ...customers,
  ...items,
  ...archived,
  ...entries,
  ...ourMistakes,
  ...general,
]
