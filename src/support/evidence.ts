/**
 * How support may check that it is the person: each by a contact known before the request, none by
 * what an outsider could know (REC-02).
 */
export const evidenceKinds = {
  'called-known-number': 'Called a number we had before the request',
  'colleague-on-video': 'Video call with a colleague who vouches',
  'in-person-with-id': 'In person, with an identity document',
  'contract-contact': 'Confirmed by the contact in the contract',
  'mailed-letter': 'A letter to the postal address we had before',
} as const

export type EvidenceKind = keyof typeof evidenceKinds

/** The kinds by name, for what a request may say. */
export const evidenceNames = Object.keys(evidenceKinds) as [EvidenceKind, ...EvidenceKind[]]
