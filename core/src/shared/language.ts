/** The languages in which the product, its messages and its documents speak. */
export const languages = ['nl', 'en'] as const
export type Language = (typeof languages)[number]
